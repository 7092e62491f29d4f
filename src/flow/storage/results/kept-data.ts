/** The bytes of kept values: written once under their own version, checked when they are read for the first time. */

import { openNodeDisk } from "../../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import { loadPolars, readArrowFile } from "../../../table/index.ts";
import { decodeResult, type Encoded, seriesOf, versionOfBytes } from "./codecs.ts";
import { type Entry, nameOfData } from "./entry.ts";
import type { Shelf } from "./shelf.ts";

export async function writeData(shelf: Shelf, { version, kept, pieces }: Encoded): Promise<void> {
  const name = nameOfData({ version, kept });
  await shelf.create(name, pieces);
  // these very bytes were just hashed
  const witness = shelf.isLocal ? await shelf.witness(name) : undefined;
  if (witness !== undefined) await shelf.setWitness(name, witness);
}

/** Error: integrity for what is damaged or gone, which is then taken away, so that it is kept anew. */
export async function readData(shelf: Shelf, entry: Entry, signal?: AbortSignal): Promise<unknown> {
  const name = nameOfData(entry);
  const { kept } = entry;
  const witness = await shelf.witness(name);
  const isChecked = witness !== undefined && (await shelf.isWitnessed(name, witness));
  const path = shelf.pathOf(name);
  try {
    if (isChecked && path !== undefined && (kept.form === "frame" || kept.form === "series"))
      return await readFrame(path, `${shelf.uri}${name}`, kept.form);
    const bytes = await shelf.read(name, signal);
    if (bytes === undefined) throw damaged(shelf, name, "is gone");
    if (!isChecked && versionOfBytes(kept.form, [bytes]) !== entry.version) throw damaged(shelf, name, "is damaged");
    if (!isChecked && witness !== undefined) await shelf.setWitness(name, witness);
    return await decodeResult(bytes, kept);
  } catch (error) {
    if (isEntrepotError(error, "malformed")) throw await away(shelf, name, damaged(shelf, name, "is damaged", error));
    throw isEntrepotError(error, "integrity") ? await away(shelf, name, error) : error;
  }
}

/** Arrow's own file is read by the engine: only what is needed passes through memory. */
async function readFrame(path: string, uri: string, form: "frame" | "series"): Promise<unknown> {
  const disk = openNodeDisk();
  const file = await disk.openRead(path);
  try {
    const isLarge = file.stat.sizeBytes > 16 * 1024 ** 2;
    const frame = await readArrowFile(await loadPolars(), { path, uri, isLarge, file }, {}, {});
    return form === "series" ? seriesOf(frame) : frame;
  } finally {
    await file.close();
  }
}

async function away(shelf: Shelf, name: string, error: EntrepotError): Promise<EntrepotError> {
  await shelf.remove(name).catch(() => false);
  return error;
}

function damaged(shelf: Shelf, name: string, how: string, cause?: unknown): EntrepotError {
  const uri = `${shelf.uri}${name}`;
  return new EntrepotError("integrity", `the kept result ${uri} ${how}`, { uri, cause, hint: "it is computed anew" });
}
