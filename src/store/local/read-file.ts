/** One version of one file into a sink: whatever replaces or rewrites the file meanwhile, bytes of two are never mixed. */
import type { Disk, ReadableFile } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { checkRange, resolveRange } from "../byte-range.ts";
import { checkRead, notFound } from "../conditions.ts";
import type { BodySink, ReadOptions, ReadResult, ResolvedRange } from "../object-store.ts";
import { untilAborted } from "../until-aborted.ts";
import { fileInfo, isSameContent } from "./file-version.ts";
import type { FilePlace } from "./object-path.ts";

const chunkBytes = 512 * 1024;
/** How often a restartable sink is started anew before the change is reported. */
const restarts = 3;

/**
 * A file that is replaced (renamed over) is read to the end as it was; one that is rewritten in place is `changed`, after
 * the sink was started again if it can be.
 */
export async function readFileInto(
  disk: Disk,
  place: FilePlace,
  sink: BodySink,
  options: ReadOptions,
): Promise<ReadResult | "not-modified"> {
  checkRange(options.range);
  for (let attempt = 0; ; attempt += 1) {
    const file = await openObject(disk, place);
    try {
      const info = fileInfo(place.key, file.stat);
      if (checkRead(place.uri, info.etag, options) !== undefined) return "not-modified";
      const range = resolveRange(options.range, info.sizeBytes, place.uri);
      sink.start(info, range);
      const complete = await readChunks(file, range, sink, options.signal);
      if (complete && isSameContent(file.stat, await file.restat())) return { info, range, verified: "length" };
      if (sink.restartable !== true || attempt === restarts) throw changed(place.uri);
    } finally {
      await file.close();
    }
  }
}

/** Errors: not-found, also for a folder of this name; unsupported for a file that does not tell its size. */
export async function openObject(disk: Disk, place: FilePlace): Promise<ReadableFile> {
  let file: ReadableFile;
  try {
    file = await disk.openRead(place.path, { followLinks: true });
  } catch (error) {
    throw isEntrepotError(error, "not-found") ? await absent(disk, place) : error;
  }
  if (file.stat.sizeBytes > 0 || (await file.read(new Uint8Array(1), 0)) === 0) return file;
  await file.close();
  throw new EntrepotError("unsupported", `${place.path} has content but no size, as files of the kernel do`, {
    uri: place.uri,
    hint: "copy it to an ordinary file first",
  });
}

/** Why there is no object: a folder of this name is not nothing. */
export async function absent(disk: Disk, place: FilePlace): Promise<EntrepotError> {
  const stat = await disk.stat(place.path, { followLinks: true });
  if (stat?.kind !== "folder") return notFound(place.uri);
  const hint = `write ${place.uri}/ to mean what lies in it, or name one object`;
  return new EntrepotError("not-found", `${place.uri} is a folder, no object`, { uri: place.uri, hint });
}

/** Of a file that was not the same at the end of reading as at the beginning. */
export function changed(uri: string): EntrepotError<"changed"> {
  const hint = "read it again when the other program has finished writing";
  return new EntrepotError("changed", `${uri} was rewritten while it was being read`, { uri, hint });
}

/** False when the file ended before the range did. */
async function readChunks(
  file: ReadableFile,
  range: ResolvedRange,
  sink: BodySink,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const buffer = new Uint8Array(Math.min(chunkBytes, range.end - range.start));
  for (let position = range.start; position < range.end; ) {
    const target = buffer.subarray(0, Math.min(buffer.byteLength, range.end - position));
    const read = await untilAborted(file.read(target, position), signal);
    if (read < target.byteLength) return false;
    const written = sink.write(target);
    if (written !== undefined) await untilAborted(written, signal);
    signal?.throwIfAborted();
    position += read;
  }
  return true;
}
