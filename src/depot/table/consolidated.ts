/**
 * The table of many files, kept in a folder of this disk from call to call: one Arrow file, and a list of which rows came from which
 * version of which file. Only files that are new or changed are read again; those that are gone are left out.
 */
import { hash, randomUUID } from "node:crypto";
import { isEntrepotError } from "../../error/index.ts";
import { type DataFrame, loadPolars, type Part, type Question, unite } from "../../table/index.ts";
import { lookAhead } from "../../transfer/index.ts";
import { signalOf } from "../calls.ts";
import type { Context } from "../context.ts";
import { diskPath } from "../disk-file.ts";
import type { LocalPath } from "../options.ts";
import type { TableFile } from "./files.ts";
import { finished, type ManyOptions, readPart } from "./read-many.ts";
import { readOne } from "./read-one.ts";
import { writeOne } from "./write-one.ts";

interface KeptPart {
  readonly uri: string;
  readonly etag: string;
  readonly rows: number;
}

interface Kept {
  readonly version: 1;
  /** Of all that decides on what is in it. */
  readonly asked: string;
  /** The name of the Arrow file. */
  readonly data: string;
  readonly parts: readonly KeptPart[];
}

const listName = "table.json";
const width = 4;

/** Errors: those of the files that are read, and of the disk. */
export async function readConsolidated(
  context: Context,
  files: readonly TableFile[],
  at: LocalPath,
  options: ManyOptions,
  question: Question,
  uri: string,
): Promise<DataFrame> {
  const folder = diskPath(context, at);
  const whole = { ...question, limit: undefined };
  const asked = fingerprint(options);
  const pl = await loadPolars();
  const known = await load(context, folder, asked);
  const now = await versions(context, files, options);
  const parts: (Part & KeptPart)[] = [];
  for await (const part of lookAhead(now, { places: width }, async ({ file, etag }) => {
    const kept = known?.frameOf(file.place.uri, etag);
    const read = kept ?? (await readPart(context, pl, file, options, whole));
    return { ...read, etag, rows: read.frame.height };
  }))
    parts.push(part);
  const frame = unite(pl, parts, uri);
  const list = parts.map(({ uri, etag, rows }) => ({ uri, etag, rows }));
  if (JSON.stringify(list) !== JSON.stringify(known?.parts)) await keep(context, folder, frame, { asked, parts: list });
  return finished(pl, frame, question, uri);
}

/** What a listing did not say is asked for. */
async function versions(context: Context, files: readonly TableFile[], options: ManyOptions) {
  const all: { readonly file: TableFile; readonly etag: string }[] = [];
  const signal = signalOf(context, options);
  const stats = lookAhead(files, { places: context.settings.concurrency }, async (file) => {
    const { place, etag } = file;
    const { key, versionId } = place;
    const known = etag ?? (await (place.cached ?? place.store).stat(key, { signal, versionId })).etag;
    return { file, etag: known };
  });
  for await (const version of stats) all.push(version);
  return all;
}

/** What decides on the table, besides its files. */
function fingerprint(options: ManyOptions): string {
  const { signal: _s, onProgress: _p, onError: _e, cache: _c, limit: _l, incremental: _i, ...asked } = options;
  const text = JSON.stringify(Object.entries(asked).sort(), (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
  return hash("sha256", text);
}

async function load(context: Context, folder: string, asked: string) {
  try {
    const { bytes } = await context.disk.readFile(`${folder}/${listName}`);
    const kept = JSON.parse(Buffer.from(bytes).toString("utf8")) as Kept;
    if (kept.version !== 1 || kept.asked !== asked || !/^table-[0-9a-f-]+\.arrow$/.test(kept.data)) return undefined;
    const place = await context.place(`${folder}/${kept.data}`, "read");
    const frame = await readOne(context, place, { format: "arrow" }, {});
    if (kept.parts.reduce((sum, { rows }) => sum + rows, 0) !== frame.height) return undefined;
    const slices = new Map<string, Part>();
    let first = 0;
    for (const { uri, etag, rows } of kept.parts) {
      slices.set(`${etag}\n${uri}`, { uri, frame: frame.slice(first, rows), isInferred: false });
      first += rows;
    }
    return { parts: kept.parts, frameOf: (uri: string, etag: string) => slices.get(`${etag}\n${uri}`) };
  } catch (error) {
    // what cannot be read is made anew
    if (error instanceof SyntaxError || isEntrepotError(error, "not-found", "changed", "malformed", "unsupported"))
      return undefined;
    throw error;
  }
}

async function keep(context: Context, folder: string, frame: DataFrame, kept: Pick<Kept, "asked" | "parts">) {
  const { disk } = context;
  await disk.makeFolder(folder);
  const before = (await disk.readFolder(folder)) ?? [];
  const data = `table-${randomUUID()}.arrow`;
  await writeOne(context, await context.place(`${folder}/${data}`, "write"), frame, { format: "arrow" });
  const list: Kept = { version: 1, data, ...kept };
  await disk.writeFile(`${folder}/${listName}`, Buffer.from(JSON.stringify(list)));
  for (const { name, kind } of before)
    if (kind === "file" && /^table-[0-9a-f-]+\.arrow$/.test(name)) await disk.removeFile(`${folder}/${name}`);
}
