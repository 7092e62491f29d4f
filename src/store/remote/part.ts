/**
 * One part of a version, asked for by its range over as many tries as it takes: each answer is exactly the range that was asked
 * for, of the version that was begun, or it is not taken.
 */
import { type ChecksumAlgorithm, type RunningChecksum, startChecksum } from "../../checksum/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import type { ObjectInfo, ResolvedRange } from "../object-store.ts";
import type { AnswerSink } from "./answer.ts";
import { contentLength } from "./object-info.ts";
import { formatRange, parseContentRange } from "./range.ts";

/** Thrown when an answer is of another version than the bytes before it. */
export const replaced: unique symbol = Symbol("replaced");
/** Thrown when a server does not answer ranges as it should: its objects are read in one stream. */
export const noRanges: unique symbol = Symbol("no ranges");

/** Takes a piece; `position` is a byte of the object. */
type PassPiece = (chunk: Uint8Array, position: number) => void | Promise<void>;

export class Part implements AnswerSink {
  readonly range: ResolvedRange;
  /** Bytes that the try in progress has brought. */
  progressBytes = 0;
  /** Whether an answer has begun to bring it as it should. */
  answered = false;
  /** Somebody else brings it. */
  withdrawn = false;
  readonly #stop = new AbortController();
  readonly #info: ObjectInfo;
  readonly #pass: PassPiece;
  readonly #checksum: RunningChecksum | undefined;
  #position: number;

  /** `algorithm` for parts whose checksums are combined. */
  constructor(info: ObjectInfo, range: ResolvedRange, algorithm: ChecksumAlgorithm | undefined, pass: PassPiece) {
    this.#info = info;
    this.range = range;
    this.#checksum = algorithm === undefined ? undefined : startChecksum(algorithm);
    this.#pass = pass;
    this.#position = range.start;
  }

  /** For its requests. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get complete(): boolean {
    return this.#position === this.range.end;
  }

  /** Of all its bytes. To be asked once, at the end. */
  digest(): Uint8Array<ArrayBuffer> | undefined {
    return this.#checksum?.digest();
  }

  /** For the next try: what is missing, of this version only. */
  nextHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    this.progressBytes = 0;
    return { ...headers, range: formatRange(this.#missing), "if-match": this.#info.etag };
  }

  accepts(status: number): boolean {
    return status === 206 || status === 200;
  }

  head(status: number, headers: ResponseHeaders): void {
    const { etag, sizeBytes } = this.#info;
    const part = status === 206 ? parseContentRange(headers["content-range"]) : undefined;
    const totalBytes = status === 200 ? contentLength(headers) : part?.sizeBytes;
    const given = headers["etag"];
    if ((given !== undefined && given !== etag) || (totalBytes !== undefined && totalBytes !== sizeBytes))
      throw replaced;
    const missing = this.#missing;
    const isExact = part?.start === missing.start && part.end === missing.end;
    const length = contentLength(headers);
    // Without an ETag nothing says that it is the same version.
    if (!isExact || given === undefined || (length !== undefined && length !== missing.end - missing.start))
      throw noRanges;
    this.answered = true;
  }

  /** Ends its requests. */
  stop(reason: unknown): void {
    this.#stop.abort(reason);
  }

  /** Ends them because somebody else brings it. */
  withdraw(): void {
    this.withdrawn = true;
    this.stop(new Error("the part comes otherwise"));
  }

  data(chunk: Uint8Array): void | Promise<void> {
    // A transport may still bring what was under way when the part was given up.
    this.signal.throwIfAborted();
    const position = this.#position;
    if (chunk.byteLength > this.range.end - position) throw noRanges;
    this.#position += chunk.byteLength;
    this.progressBytes += chunk.byteLength;
    this.#checksum?.update(chunk);
    return this.#pass(chunk, position);
  }

  get #missing(): ResolvedRange {
    return { start: this.#position, end: this.range.end };
  }
}
