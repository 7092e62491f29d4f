/**
 * Receives the answers to one read, over as many tries as it takes, and hands one version's bytes to the caller's sink: nothing
 * skipped, nothing twice, nothing of another version, and no end that was not announced.
 */
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import { resolveRange } from "../byte-range.ts";
import type { BodySink, ObjectInfo, ReadResult, ResolvedRange } from "../object-store.ts";
import type { AnswerSink } from "./answer.ts";
import { isServersEtag, isStrongEtag } from "./etag.ts";
import { contentLength, objectInfo } from "./object-info.ts";
import { formatRange, parseContentRange } from "./range.ts";
import type { BodyRequest } from "./reading.ts";
import { Unannounced } from "./unannounced.ts";
import { isAnnounced, Verification } from "./verification.ts";

/** Thrown to end an answer whose needed part has arrived. */
export const enough: unique symbol = Symbol("enough");
/** Thrown when an answer is of another version than the bytes before it. */
export const replaced: unique symbol = Symbol("replaced");
/** Thrown to end an answer that may only go on when it is known where the object's parts end. */
export const paused: unique symbol = Symbol("paused");

export class Body implements AnswerSink {
  /** What the caller's sink threw. */
  sinkError: { readonly reason: unknown } | undefined;
  notModified = false;
  /** Bytes that the try in progress has brought. */
  progressBytes = 0;
  /** Send `If-Match` on continuations; off for servers that do not know it, whose ETags are compared all the same. */
  pins = true;
  readonly #request: BodyRequest;
  readonly #sink: BodySink;
  #info: ObjectInfo | undefined;
  #range: ResolvedRange = { start: 0, end: 0 };
  /** The next byte of the object that the sink is to get. */
  #position = 0;
  /** The next byte of the object that the answer will bring. */
  #arriving = 0;
  /** Of a whole object; a part's bytes cannot be held against the checksum of the whole. */
  #verification: Verification | undefined;
  #unannounced: Unannounced | undefined;
  #restarted = false;

  constructor(request: BodyRequest, sink: BodySink) {
    this.#request = request;
    this.#sink = sink;
  }

  /** Whether the sink has been told of a version. */
  get started(): boolean {
    return this.#info !== undefined;
  }

  /** Whether the sink was ever told of one, void by now or not. */
  get begun(): boolean {
    return this.#info !== undefined || this.#restarted;
  }

  /** Whether a broken answer can be continued: only a strong ETag tells versions apart. */
  get continuable(): boolean {
    return this.#info !== undefined && isStrongEtag(this.#info.etag);
  }

  /** The version that was begun, and what its bytes are held against. */
  get info(): ObjectInfo | undefined {
    return this.#info;
  }
  get verification(): Verification | undefined {
    return this.#verification;
  }

  /** Whether all bytes are there, whatever became of the connection. */
  get complete(): boolean {
    return this.#info !== undefined && this.#position === this.#range.end;
  }

  /** The headers of the next try: the whole of what is missing. */
  nextHeaders(): Readonly<Record<string, string>> {
    this.progressBytes = 0;
    this.#unannounced = undefined;
    const { range, ifMatch, ifNoneMatch, headers } = this.#request;
    if (this.#info !== undefined) {
      const { etag } = this.#info;
      const missing = formatRange({ start: this.#position, end: this.#range.end });
      return { ...headers, range: missing, ...(this.pins ? { "if-match": etag } : undefined) };
    }
    if (range === undefined && ifMatch === undefined && ifNoneMatch === undefined) return headers;
    return {
      ...headers,
      ...(range === undefined ? undefined : { range: formatRange(range) }),
      // A weak one matches nothing by HTTP's rules; it is compared when the answer comes.
      ...(ifMatch === undefined || !isStrongEtag(ifMatch) ? undefined : { "if-match": ifMatch }),
      ...(ifNoneMatch !== undefined && this.#asksForChange ? { "if-none-match": ifNoneMatch } : undefined),
    };
  }

  /** Voids what the sink has; the next answer starts from the beginning. */
  restart(): void {
    this.#verification?.end();
    this.#verification = undefined;
    this.#info = undefined;
    this.#restarted = true;
  }

  accepts(status: number): boolean {
    if (status === 200) return true;
    if (status === 206) return this.#info !== undefined || this.#request.range !== undefined;
    return status === 304 && this.#asksForChange && this.#info === undefined;
  }

  head(status: number, headers: ResponseHeaders): void {
    if (status === 304) {
      this.notModified = true;
      return;
    }
    const part = status === 206 ? this.#partOf(headers) : undefined;
    this.#arriving = part?.start ?? 0;
    const sizeBytes = part?.sizeBytes ?? contentLength(headers);
    if (this.#info !== undefined) this.#checkSameVersion(headers, sizeBytes);
    else if (sizeBytes === undefined && headers["content-length"] !== undefined) {
      throw this.#protocol(`a Content-Length that is none (${headers["content-length"]})`);
    } else if (sizeBytes === undefined) this.#unannounced = new Unannounced(headers, this.#request.uri);
    else this.#start(objectInfo(this.#request.key, sizeBytes, headers), headers, part);
  }

  data(chunk: Uint8Array): void | Promise<void> {
    if (this.#unannounced !== undefined) {
      this.#unannounced.add(chunk);
      return undefined;
    }
    if (this.#verification?.mayPass(this.#position + chunk.byteLength) === false) throw paused;
    const from = this.#position - this.#arriving;
    this.#arriving += chunk.byteLength;
    if (from >= chunk.byteLength) {
      if (this.complete) throw enough;
      return undefined;
    }
    const left = this.#range.end - this.#position;
    // The usual case first: the chunk is just what comes next.
    const piece = from === 0 && chunk.byteLength <= left ? chunk : chunk.subarray(from, from + left);
    this.#position += piece.byteLength;
    this.progressBytes += piece.byteLength;
    const taken = this.#write(piece);
    if (chunk.byteLength - from <= left) return taken;
    if (taken === undefined) throw enough;
    return taken.then(() => {
      throw enough;
    });
  }

  /** What must be awaited before `finish`: a body of unannounced length, which is only now passed on. */
  pending(): Promise<void> | undefined {
    return this.#unannounced === undefined ? undefined : this.#deliver(this.#unannounced);
  }

  /** The result, when an answer came to its end. Errors: truncated, integrity, protocol. */
  finish(): ReadResult {
    const info = this.#info;
    if (info === undefined) throw new EntrepotError("protocol", `${this.#request.uri}: an answer without a head`);
    if (!this.complete) {
      const missing = this.#range.end - this.#position;
      throw new EntrepotError("truncated", `${this.#request.uri}: the answer ended ${missing} bytes early`);
    }
    return { info, range: this.#range, verified: this.#verification?.verified() ?? "length" };
  }

  #partOf(headers: ResponseHeaders): ReturnType<typeof parseContentRange> {
    const part = parseContentRange(headers["content-range"]);
    const length = contentLength(headers);
    if (part === undefined || (length !== undefined && length !== part.end - part.start)) {
      throw this.#protocol(`a 206 whose Content-Range (${headers["content-range"] ?? "none"}) does not fit`);
    }
    return part;
  }

  /** Begins a version; `part` is what a 206 says it brings. */
  #start(info: ObjectInfo, headers: ResponseHeaders, part: { start: number; end: number } | undefined): void {
    this.#checkConditions(info);
    const range = resolveRange(this.#request.range, info.sizeBytes, this.#request.uri);
    if (part !== undefined && (part.start > range.start || part.end < range.end)) {
      throw this.#protocol("a 206 that does not hold the range that was asked for");
    }
    this.#info = info;
    this.#range = range;
    this.#position = range.start;
    if (part === undefined && range.end - range.start === info.sizeBytes) {
      this.#verification = new Verification(this.#request, info, headers);
    }
    try {
      this.#sink.start(info, range);
    } catch (reason) {
      this.sinkError = { reason };
      throw reason;
    }
  }

  /** Whether the request says which version is at hand; one of our own invention means nothing to the server. */
  get #asksForChange(): boolean {
    const { ifNoneMatch } = this.#request;
    return ifNoneMatch !== undefined && !this.#restarted && isServersEtag(ifNoneMatch);
  }

  /** For servers that do not know the conditions, or give no ETag of their own. */
  #checkConditions({ etag }: ObjectInfo): void {
    const { ifMatch, ifNoneMatch, uri } = this.#request;
    if (ifMatch !== undefined && ifMatch !== etag) {
      throw new EntrepotError("precondition-failed", `${uri} is not the version that was asked for`, { uri });
    }
    // Any other one may name two versions: only the server can say that nothing has changed.
    if (ifNoneMatch !== etag || !isStrongEtag(etag) || this.#restarted) return;
    this.notModified = true;
    throw enough;
  }

  /** A continuation must be of the version that was begun, and bring what is missing. */
  #checkSameVersion(headers: ResponseHeaders, sizeBytes: number | undefined): void {
    const info = this.#info;
    const etag = headers.etag ?? "";
    if (
      info === undefined ||
      !isStrongEtag(etag) ||
      etag !== info.etag ||
      (sizeBytes !== undefined && sizeBytes !== info.sizeBytes)
    ) {
      throw replaced;
    }
    if (this.#arriving > this.#position) throw this.#protocol("a 206 that starts behind the byte that was asked for");
  }

  async #deliver(body: Unannounced): Promise<void> {
    const bytes = body.whole();
    this.#unannounced = undefined;
    if (!body.endIsProven && !isAnnounced(bytes, body.headers)) {
      throw this.#protocol("an answer that announces neither its length nor its end");
    }
    this.#start(objectInfo(this.#request.key, bytes.byteLength, body.headers), body.headers, undefined);
    const { start, end } = this.#range;
    if (this.#verification?.mayPass(end) === false) {
      await this.#verification.answered;
      this.#verification.mayPass(end);
    }
    this.#position = end;
    if (end > start) await this.#write(bytes.subarray(start, end));
  }

  #write(piece: Uint8Array): void | Promise<void> {
    this.#verification?.update(piece);
    try {
      const taken = this.#sink.write(piece);
      return taken === undefined ? undefined : this.#watch(taken);
    } catch (reason) {
      this.sinkError = { reason };
      throw reason;
    }
  }

  async #watch(taken: Promise<void>): Promise<void> {
    try {
      await taken;
    } catch (reason) {
      this.sinkError = { reason };
      throw reason;
    }
  }

  #protocol(what: string): EntrepotError {
    return new EntrepotError("protocol", `${this.#request.uri}: the server sent ${what}`, { uri: this.#request.uri });
  }
}
