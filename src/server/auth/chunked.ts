/**
 * Takes `aws-chunked` framing off a body: sizes, chunk signatures (each chained to the one before), trailers. Nothing
 * is buffered but lines; data is passed on before its signature is known, so the caller publishes only after `end`.
 */
import { createHash, type Hash } from "node:crypto";
import { s3Error } from "../errors.ts";
import type { ChunkSeed } from "./caller.ts";
import { formatScope, hmac, sameSignature, sha256Hex } from "./signing.ts";

/** What S3 asks of all chunks but the last. */
const minChunkBytes = 8192;
const maxLineBytes = 4096;
const emptyHash = sha256Hex("");

type State = "size" | "data" | "data-end" | "trailer" | "done";

export interface ChunkedOptions {
  /** Where the chain of signatures starts; undefined when chunks are not signed. */
  readonly seed: ChunkSeed | undefined;
  readonly trailer: boolean;
}

export class ChunkedDecoder {
  /** What came after the last chunk; names in lower case. Complete after `end`. */
  readonly trailers: Map<string, string> = new Map();
  decodedBytes = 0;
  readonly #options: ChunkedOptions;
  #state: State = "size";
  #line = "";
  #remaining = 0;
  #sawShortChunk = false;
  #previous: string;
  #expected = "";
  #hash: Hash | undefined;

  constructor(options: ChunkedOptions) {
    this.#options = options;
    this.#previous = options.seed?.signature ?? "";
  }

  /** Passes on the data in `chunk`. Errors: IncompleteBody, InvalidChunkSizeError, SignatureDoesNotMatch, MalformedTrailerError. */
  *decode(chunk: Uint8Array): Generator<Uint8Array> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#state === "data") {
        const data = rest.subarray(0, this.#remaining);
        rest = rest.subarray(data.length);
        this.#remaining -= data.length;
        this.decodedBytes += data.length;
        this.#hash?.update(data);
        if (this.#remaining === 0) this.#state = "data-end";
        yield data;
      } else {
        rest = this.#takeLine(rest);
      }
    }
  }

  /** Ends the body. Errors: IncompleteBody, MalformedTrailerError, SignatureDoesNotMatch. */
  end(): void {
    // Some clients leave out the empty line after the last chunk.
    if (this.#state === "trailer" && this.#line === "" && !this.#options.trailer) this.#finish();
    if (this.#state !== "done")
      throw s3Error("IncompleteBody", { message: "The request body terminated unexpectedly" });
  }

  /** Collects a line, over the borders of pieces, and acts on it when it is whole. */
  #takeLine(bytes: Uint8Array): Uint8Array {
    const end = bytes.indexOf(10);
    const piece = bytes.subarray(0, end < 0 ? bytes.length : end);
    this.#line += Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString("latin1");
    if (this.#line.length > maxLineBytes) throw badFraming();
    if (end < 0) return bytes.subarray(bytes.length);
    const line = this.#line.replace(/\r$/, "");
    this.#line = "";
    this.#onLine(line);
    return bytes.subarray(end + 1);
  }

  #onLine(line: string): void {
    switch (this.#state) {
      case "size":
        this.#onSize(line);
        return;
      case "data-end":
        if (line !== "") throw badFraming();
        this.#checkChunk();
        this.#state = "size";
        return;
      case "trailer":
        if (line === "") this.#finish();
        else this.#onTrailer(line);
        return;
      default:
        // Nothing but empty lines may follow.
        if (line !== "") throw badFraming();
    }
  }

  #onSize(line: string): void {
    const match = /^([0-9a-f]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line);
    const signed = this.#options.seed !== undefined;
    if (match === null || (signed && match[2] === undefined)) throw badFraming();
    const size = Number.parseInt(match[1] ?? "", 16);
    if (size > 0 && this.#sawShortChunk) throw s3Error("InvalidChunkSizeError");
    this.#sawShortChunk ||= size < minChunkBytes;
    this.#expected = match[2]?.toLowerCase() ?? "";
    this.#remaining = size;
    this.#hash = signed ? createHash("sha256") : undefined;
    this.#state = "data";
    if (size > 0) return;
    this.#checkChunk();
    this.#state = "trailer";
  }

  #checkChunk(): void {
    const seed = this.#options.seed;
    if (seed === undefined || this.#hash === undefined) return;
    const signature = this.#sign(seed, "AWS4-HMAC-SHA256-PAYLOAD", emptyHash, this.#hash.digest("hex"));
    if (!sameSignature(signature, this.#expected)) throw s3Error("SignatureDoesNotMatch");
    this.#previous = signature;
  }

  #onTrailer(line: string): void {
    const colon = line.indexOf(":");
    if (colon < 1) throw s3Error("MalformedTrailerError");
    if (!this.#options.trailer) throw badFraming();
    this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }

  #finish(): void {
    this.#state = "done";
    const seed = this.#options.seed;
    if (!this.#options.trailer || seed === undefined) return;
    const provided = this.trailers.get("x-amz-trailer-signature");
    this.trailers.delete("x-amz-trailer-signature");
    const text = [...this.trailers].map(([name, value]) => `${name}:${value}\n`).join("");
    const signature = this.#sign(seed, "AWS4-HMAC-SHA256-TRAILER", sha256Hex(text));
    if (provided === undefined || !sameSignature(signature, provided.toLowerCase())) {
      throw s3Error("SignatureDoesNotMatch");
    }
  }

  #sign(seed: ChunkSeed, kind: string, ...hashes: readonly string[]): string {
    const text = [kind, seed.amzDate, formatScope(seed.scope), this.#previous, ...hashes].join("\n");
    return hmac(seed.key, text).toString("hex");
  }
}

function badFraming(): Error {
  return s3Error("IncompleteBody", { message: "The request body is not framed as aws-chunked" });
}
