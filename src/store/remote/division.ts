/**
 * Whether a version is read over several connections, and in what parts. Decided when its size is known, before its first byte.
 */
import type { ChecksumAlgorithm } from "../../checksum/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import type { BufferBudget } from "../buffer-budget.ts";
import type { BodySink, ObjectInfo, ResolvedRange } from "../object-store.ts";
import { isStrongEtag } from "./etag.ts";
import type { Reading } from "./reading.ts";

const mebibyte = 1024 * 1024;
/** Smaller reads are not worth a second connection, bytes. */
const fewestBytes = 16 * mebibyte;
/** S3 knows objects of at most so many parts, and so do we. */
const mostParts = 10_000;
/** Of a sink that takes pieces anywhere, bytes. */
const partBytes = 8 * mebibyte;
/** Of one that wants them in order: these are held in memory. */
const orderedPartBytes = 2 * mebibyte;
/** What all parts in memory of one read may hold together. */
const windowBytes = 16 * mebibyte;

/** Of how many requests a read of so many bytes is made at most, unless an answer comes late and another takes its part over. */
export function partsOfRead(sizeBytes: number | undefined, inOrder: boolean): number {
  if (sizeBytes === undefined || sizeBytes < fewestBytes) return 1;
  if (inOrder) return Math.ceil(sizeBytes / orderedPartBytes);
  return Math.ceil(sizeBytes / Math.max(partBytes, Math.ceil(sizeBytes / mostParts / mebibyte) * mebibyte));
}

/** How a version is divided, decided before its first byte. */
export interface Division {
  /** Pieces go to the sink wherever they belong. */
  readonly anywhere: boolean;
  /** The part's checksum that can be combined to that of the whole. */
  readonly algorithm: ChecksumAlgorithm | undefined;
  readonly partBytes: number;
  readonly inFlight: number;
  readonly memory: BufferBudget | undefined;
}

/** Whether and how to read in parts; `checksum` is what is computed of them. Takes memory for parts that are held. */
export function divide(
  reading: Reading,
  sink: BodySink,
  { info, range }: { readonly info: ObjectInfo; readonly range: ResolvedRange },
  checksum: { readonly algorithm: ChecksumAlgorithm; readonly inOrder: boolean } | undefined,
  headers: ResponseHeaders,
): Division | undefined {
  const { parallel, findings } = reading;
  if (parallel === undefined || parallel.inFlight < 2 || findings?.servesRanges !== true) return undefined;
  if (headers["accept-ranges"] === "none") return undefined;
  const wantedBytes = range.end - range.start;
  if (wantedBytes < fewestBytes || !isStrongEtag(info.etag)) return undefined;
  // Only what can begin again is written out of order: a server whose ranges are wrong is then read in one stream.
  const anywhere = sink.writeAt !== undefined && sink.restartable === true && checksum?.inOrder !== true;
  if (anywhere) {
    const least = Math.ceil(wantedBytes / mostParts / mebibyte) * mebibyte;
    const { inFlight } = parallel;
    const algorithm = checksum?.algorithm;
    return { anywhere, algorithm, partBytes: Math.max(partBytes, least), inFlight, memory: undefined };
  }
  const { memory } = parallel;
  let slots = Math.min(parallel.inFlight, Math.floor(windowBytes / orderedPartBytes));
  while (slots > 1 && memory?.take(slots * orderedPartBytes) === false) slots -= 1;
  return slots < 2
    ? undefined
    : { anywhere, algorithm: undefined, partBytes: orderedPartBytes, inFlight: slots, memory };
}
