/** An object to read ranges of, with its last bytes in hand: one request tells size, version and what a Parquet file holds. */
import type { Disk } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { isStrongEtag, type Readable, readBytes } from "../../store/index.ts";
import type { RangeSource } from "../../table/index.ts";
import { signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import type { ReadOptions } from "../options.ts";

/** Enough for the footers of most files. */
const tailBytes = 64 * 1024;

export interface OpenRanges {
  readonly source: RangeSource;
  close(): Promise<void>;
}

/** A valid local copy where there is one, else ranges; `undefined` where nothing would tell that two of them are of one version. */
export async function openRanges(
  context: Context,
  place: Place,
  options: Pick<ReadOptions, "cache" | "signal">,
): Promise<OpenRanges | undefined> {
  const { key, versionId, uri } = place;
  const { cache = "use" } = options;
  const request = { signal: signalOf(context, options), versionId };
  const cached = cache === "bypass" ? undefined : place.cached;
  const held = cache === "use" ? await cached?.holdIfPresent(key, request) : undefined;
  if (held !== undefined) return fileRanges(context.disk, held.path, uri, () => held.close());
  const store: Readable = cached ?? place.store;
  const { bytes: tail, result } = await tailOf(store, key, request, uri);
  const { etag, sizeBytes } = result.info;
  if (!isStrongEtag(etag)) return undefined;
  const read = async (start: number, end: number) => {
    try {
      return (await readBytes(store, key, { ...request, range: { start, end }, ifMatch: etag })).bytes;
    } catch (error) {
      throw isEntrepotError(error, "precondition-failed") ? replaced(uri, error) : error;
    }
  };
  return { source: { uri, sizeBytes, tail, read }, close: async () => undefined };
}

async function tailOf(store: Readable, key: string, request: Parameters<typeof readBytes>[2], uri: string) {
  try {
    return await readBytes(store, key, { ...request, range: { suffix: tailBytes } });
  } catch (error) {
    if (!isEntrepotError(error, "invalid-range")) throw error;
    throw new EntrepotError("malformed", `${uri} is empty`, { uri, cause: error, hint: "was it written to its end?" });
  }
}

/** A file of this disk. */
export async function fileRanges(
  disk: Disk,
  path: string,
  uri: string,
  close: () => Promise<void>,
): Promise<OpenRanges> {
  const file = await disk.openRead(path, { followLinks: true }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const closeAll = async () => {
    try {
      await file.close();
    } finally {
      await close();
    }
  };
  try {
    const { sizeBytes } = file.stat;
    const read = async (start: number, end: number) => {
      const bytes = Buffer.allocUnsafe(end - start);
      if ((await file.read(bytes, start)) === bytes.byteLength) return bytes;
      throw replaced(uri);
    };
    const tail = await read(Math.max(0, sizeBytes - tailBytes), sizeBytes);
    return { source: { uri, sizeBytes, path, tail, read }, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

export function replaced(uri: string, cause?: unknown): EntrepotError {
  return new EntrepotError("changed", `${uri} was replaced while it was being read`, {
    uri,
    cause,
    hint: "read it again",
  });
}
