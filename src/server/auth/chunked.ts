/**
 * Takes `aws-chunked` framing off a body: sizes, chunk signatures (each chained to the one before), trailers. Nothing
 * is buffered but lines; data is passed on before its signature is known, so the caller publishes only after `end`.
 */
import { createHash, type Hash } from "node:crypto";
import { s3Error } from "../errors.ts";
import type { ChunkSeed } from "./caller.ts";
import { formatScope, hmac, sameSignature, sha256Hex } from "./signing.ts";
import { hexBytes } from "./verify.ts";

/** What S3 asks of all chunks but the last. */
const minChunkBytes = 8192;
const maxLineBytes = 4096;
const emptyHash = sha256Hex("");
const trailerSignature = "x-amz-trailer-signature";

type State = "size" | "data" | "data-end" | "trailer" | "done";

export interface ChunkedOptions {
  /** Where the chain of signatures starts; undefined when chunks are not signed. */
  readonly seed: ChunkSeed | undefined;
  /** Whether a trailer may follow. */
  readonly trailer: boolean;
  /** The name of the one that must follow, from `x-amz-trailer`, in lower case. */
  readonly announced?: string | undefined;
}

export class ChunkedDecoder {
  /** What came after the last chunk; names in lower case. Complete after `end`. */
  readonly trailers: Map<string, string> = new Map();
  decodedBytes = 0;
  readonly #options: ChunkedOptions;
  #state: State = "size";
  #line = "";
  #remaining = 0;
  #chunks = 0;
  #lastSize = minChunkBytes;
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
    if (this.#state !== "done" || this.#line !== "") throw badFraming();
  }

  /** Collects a line, over the borders of pieces, and acts on it when it is whole. */
  #takeLine(bytes: Uint8Array): Uint8Array {
    const end = bytes.indexOf(10);
    const piece = bytes.subarray(0, end < 0 ? bytes.length : end);
    this.#line += Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString("latin1");
    if (this.#line.length > maxLineBytes) throw badFraming();
    if (end < 0) return bytes.subarray(bytes.length);
    const line = this.#line;
    this.#line = "";
    this.#onLine(line);
    return bytes.subarray(end + 1);
  }

  #onLine(ended: string): void {
    const line = ended.replace(/\r$/, "");
    // Only trailers may end in a bare LF: AWS's own example of them does.
    if (line === ended && (this.#state === "size" || this.#state === "data-end")) throw badFraming();
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
    if (match === null || signed !== (match[2] !== undefined)) throw badFraming();
    const size = Number.parseInt(match[1] ?? "", 16);
    this.#chunks++;
    if (size > 0 && this.#lastSize < minChunkBytes) {
      // 403 and both elements: github.com/aws/aws-sdk-cpp/issues/2727.
      const details = { Chunk: String(this.#chunks), BadChunkSize: String(this.#lastSize) };
      throw s3Error("InvalidChunkSizeError", { details });
    }
    this.#lastSize = size;
    this.#expected = match[2] ?? "";
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
    const hashes = [emptyHash, this.#hash.digest("hex")];
    this.#previous = this.#checkSignature(seed, "AWS4-HMAC-SHA256-PAYLOAD", hashes, this.#expected);
  }

  #onTrailer(line: string): void {
    if (!this.#options.trailer) throw badFraming();
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const isSigned = this.#options.seed !== undefined;
    // What follows the announced trailer can only be its signature.
    if (isSigned && this.trailers.size > 0 && (name !== trailerSignature || this.trailers.has(name)))
      throw badFraming();
    const isExpected = name === this.#options.announced || (isSigned && name === trailerSignature);
    if (!isExpected || this.trailers.has(name)) throw s3Error("MalformedTrailerError");
    this.trailers.set(name, line.slice(colon + 1).trim());
  }

  #finish(): void {
    this.#state = "done";
    const { seed, announced, trailer } = this.#options;
    if (announced !== undefined && !this.trailers.has(announced)) throw s3Error("MalformedTrailerError");
    if (!trailer || seed === undefined) return;
    const provided = this.trailers.get(trailerSignature);
    if (provided === undefined) throw badFraming();
    this.trailers.delete(trailerSignature);
    const text = [...this.trailers].map(([name, value]) => `${name}:${value}\n`).join("");
    this.#checkSignature(seed, "AWS4-HMAC-SHA256-TRAILER", [sha256Hex(text)], provided);
  }

  /** The signature itself, when `provided` is it. */
  #checkSignature(seed: ChunkSeed, kind: string, hashes: readonly string[], provided: string): string {
    const toSign = [kind, seed.amzDate, formatScope(seed.scope), this.#previous, ...hashes].join("\n");
    const signature = hmac(seed.key, toSign).toString("hex");
    if (sameSignature(signature, provided)) return signature;
    throw s3Error("SignatureDoesNotMatch", {
      details: {
        AWSAccessKeyId: seed.scope.accessKeyId,
        StringToSign: toSign,
        SignatureProvided: provided,
        StringToSignBytes: hexBytes(toSign),
      },
    });
  }
}

function badFraming(): Error {
  return s3Error("IncompleteBody", { message: "The request body terminated unexpectedly" });
}
