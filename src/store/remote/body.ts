/**
 * Receives the answers to one read, over as many tries as it takes, and hands one version's bytes to the caller's sink: nothing
 * skipped, nothing twice, nothing of another version, and no end that was not announced.
 */
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import { resolveRange } from "../byte-range.ts";
import type { BodySink, ObjectInfo, ReadResult, ResolvedRange } from "../object-store.ts";
import type { AnswerSink } from "./answer.ts";
import { checkSameVersion, isKnown, protocolError, rangeOf } from "./check-answer.ts";
import type { DigestedStretch } from "./digested-stretches.ts";
import { divide } from "./division.ts";
import { isServersEtag, isStrongEtag } from "./etag.ts";
import { GuardedSink } from "./guarded-sink.ts";
import { contentLength, objectInfo } from "./object-info.ts";
import { type Divided, ParallelRead } from "./parallel.ts";
import { noRanges } from "./part.ts";
import { formatRange } from "./range.ts";
import type { Reading } from "./reading.ts";
import { Unannounced } from "./unannounced.ts";
import { isAnnounced, Verification } from "./verification.ts";

/** Thrown to end an answer whose needed part has arrived. */
export const enough: unique symbol = Symbol("enough");
/** Thrown to end an answer that may only go on when it is known where the object's parts end. */
export const paused: unique symbol = Symbol("paused");
/** In order, the other parts are asked for when so much of the first was taken: who only peeks pays for no more, bytes. */
const peekBytes = 1024 * 1024;

export class Body implements AnswerSink, Divided {
  readonly sink: GuardedSink;
  notModified = false;
  /** Which try this is, from 1. */
  attempt = 0;
  /** Bytes that the try in progress has brought. */
  progressBytes = 0;
  /** Send `If-Match` on continuations; off for servers that do not know it, whose ETags are compared all the same. */
  pins = true;
  readonly #reading: Reading;
  readonly #sink: BodySink;
  #info: ObjectInfo | undefined;
  #range: ResolvedRange = { start: 0, end: 0 };
  /** Where the answers that come here end: other connections bring the rest. */
  #limit = 0;
  /** The next byte of the object that the sink is to get. */
  #position = 0;
  /** The next byte of the object that the answer will bring. */
  #arriving = 0;
  /** Of a whole object; a part's bytes cannot be held against the checksum of the whole. */
  #verification: Verification | undefined;
  #parallel: ParallelRead | undefined;
  /** Pieces go to the sink with their place. */
  #anywhere = false;
  #unannounced: Unannounced | undefined;
  #restarted = false;

  constructor(reading: Reading, sink: BodySink) {
    this.#reading = reading;
    this.#sink = sink;
    this.sink = new GuardedSink(sink);
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

  /** The version that was begun. Error: protocol before it was. */
  get info(): ObjectInfo {
    if (this.#info === undefined) throw this.#protocol("an answer without a head");
    return this.#info;
  }
  get range(): ResolvedRange {
    return this.#range;
  }
  get verification(): Verification | undefined {
    return this.#verification;
  }
  get parallel(): ParallelRead | undefined {
    return this.#parallel;
  }

  /** Whether all bytes are there. */
  get complete(): boolean {
    return this.#info !== undefined && this.#position === this.#range.end;
  }
  /** Whether all bytes are there that are to come here. */
  get limited(): boolean {
    return this.#parallel !== undefined && this.#position === this.#limit;
  }

  /** The headers of the next try: all that is missing and not brought by others. */
  nextHeaders(): Readonly<Record<string, string>> {
    this.progressBytes = 0;
    this.attempt++;
    this.#unannounced = undefined;
    const { range, ifMatch, ifNoneMatch, headers } = this.#reading;
    if (this.#info !== undefined) {
      const { etag } = this.#info;
      const missing = formatRange({ start: this.#position, end: this.#limit });
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
  async restart(): Promise<void> {
    this.#verification?.end();
    this.#verification = undefined;
    this.#info = undefined;
    this.#restarted = true;
    const parallel = this.#parallel;
    this.#parallel = undefined;
    await parallel?.stop();
  }

  /** The server does not serve parts: all that is missing comes here, unless parts of it lie at their place already. */
  goOnAlone(): boolean {
    const { findings } = this.#reading;
    if (findings !== undefined) findings.servesRanges = false;
    const parallel = this.#parallel;
    if (parallel === undefined || (this.#anywhere && parallel.answered)) return false;
    this.#parallel = undefined;
    this.#limit = this.#range.end;
    // Its requests are given up now; what is awaited is only that they are gone.
    void parallel.stop();
    return true;
  }

  accepts(status: number): boolean {
    if (status === 200) return true;
    if (status === 206) return this.#info !== undefined || this.#reading.range !== undefined;
    return status === 304 && this.#asksForChange && this.#info === undefined;
  }

  head(status: number, headers: ResponseHeaders): void {
    if (status === 304) {
      this.notModified = true;
      return;
    }
    if (status === 200) this.#reading.checkHead?.(headers);
    const part = status === 206 ? rangeOf(headers, this.#reading.uri) : undefined;
    this.#arriving = part?.start ?? 0;
    const sizeBytes = part?.sizeBytes ?? contentLength(headers);
    if (this.#info !== undefined) {
      checkSameVersion(this.#info, headers, sizeBytes);
      if (this.#arriving > this.#position) throw this.#protocol("a 206 that starts behind the byte that was asked for");
    } else if (sizeBytes === undefined && headers["content-length"] !== undefined) {
      throw this.#protocol(`a Content-Length that is none (${headers["content-length"]})`);
    } else if (sizeBytes === undefined) this.#unannounced = new Unannounced(headers, this.#reading.uri);
    else {
      this.#start(objectInfo(this.#reading.key, sizeBytes, headers), headers, part);
      this.#divide(headers);
    }
  }

  data(chunk: Uint8Array): void | Promise<void> {
    if (this.#unannounced !== undefined) return this.#unannounced.add(chunk);
    if (this.#verification?.mayPass(this.#position + chunk.byteLength) === false) throw paused;
    if (this.#parallel !== undefined) this.#checkOthers(this.#parallel);
    const from = this.#position - this.#arriving;
    this.#arriving += chunk.byteLength;
    if (from >= chunk.byteLength) {
      if (this.complete) throw enough;
      return undefined;
    }
    const left = this.#limit - this.#position;
    // The usual case first: the chunk is just what comes next.
    const piece = from === 0 && chunk.byteLength <= left ? chunk : chunk.subarray(from, from + left);
    this.progressBytes += piece.byteLength;
    const taken = piece.byteLength === 0 ? undefined : this.#next(piece);
    return chunk.byteLength - from <= left ? taken : this.#beyond(chunk.subarray(from + left), taken);
  }

  /** What must be awaited before `finish`: the other parts, or a body of unannounced length, which is only now passed on. */
  pending(): Promise<void> | undefined {
    if (this.#unannounced !== undefined) return this.#deliver(this.#unannounced);
    return this.limited ? this.#parallel?.finish() : undefined;
  }

  /** The result, when an answer came to its end. Errors: truncated, integrity, protocol. */
  finish(): ReadResult {
    const { info } = this;
    if (!this.complete) {
      const missing = this.#range.end - this.#position;
      throw new EntrepotError("truncated", `${this.#reading.uri}: the answer ended ${missing} bytes early`);
    }
    return { info, range: this.#range, verified: this.#verification?.verified() ?? "length" };
  }

  pass(piece: Uint8Array): void | Promise<void> {
    if (this.#verification?.mayPass(this.#position + piece.byteLength) === false) {
      return this.#verification.answered?.then(() => this.pass(piece));
    }
    return this.#next(piece);
  }

  passAt(piece: Uint8Array, position: number): void | Promise<void> {
    return this.sink.write(piece, position - this.#range.start);
  }

  adopt(stretches: readonly DigestedStretch[]): void {
    for (const { digest, start, end } of stretches) this.#verification?.append(digest, end - start);
    this.#position = this.#range.end;
  }

  /** The next bytes in order. */
  #next(piece: Uint8Array): void | Promise<void> {
    const offset = this.#position - this.#range.start;
    this.#position += piece.byteLength;
    this.#verification?.update(piece);
    if (offset + piece.byteLength >= peekBytes) this.#parallel?.begin();
    return this.sink.write(piece, this.#anywhere ? offset : undefined);
  }

  /** A failure of the others is ours, but for that of the server to serve ranges: this answer may be the whole. */
  #checkOthers({ failure }: ParallelRead): void {
    if (failure !== undefined && !(failure.reason === noRanges && this.goOnAlone())) throw failure.reason;
  }

  /** The answer brings more than is wanted of it, unless the others are late. */
  #beyond(rest: Uint8Array, taken: void | Promise<void>): void | Promise<void> {
    const end = this.#parallel?.extend();
    const then = (): void | Promise<void> => {
      if (end === undefined) throw enough;
      this.#limit = end;
      this.#arriving -= rest.byteLength;
      return this.data(rest);
    };
    return taken === undefined ? then() : taken.then(then);
  }

  #divide(headers: ResponseHeaders): void {
    const division = divide(this.#reading, this.#sink, this, this.#verification?.computing, headers);
    if (division === undefined) return;
    this.#parallel = new ParallelRead(this.#reading, this, division);
    this.#limit = this.#parallel.firstEnd;
    this.#anywhere = division.anywhere;
    if (division.anywhere) this.#parallel.begin();
  }

  /** Begins a version; `part` is what a 206 says it brings. */
  #start(info: ObjectInfo, headers: ResponseHeaders, part: { start: number; end: number } | undefined): void {
    // A restarted read wants the new version, whichever that is.
    if (isKnown(info, this.#reading) && !this.#restarted) {
      this.notModified = true;
      throw enough;
    }
    const range = resolveRange(this.#reading.range, info.sizeBytes, this.#reading.uri);
    if (part !== undefined && (part.start > range.start || part.end < range.end)) {
      throw this.#protocol("a 206 that does not hold the range that was asked for");
    }
    this.#info = info;
    this.#range = range;
    this.#position = range.start;
    this.#limit = range.end;
    this.#anywhere = false;
    if (part === undefined && range.end - range.start === info.sizeBytes) {
      this.#verification = new Verification(this.#reading, info, headers);
    }
    this.sink.start(info, range);
  }

  /** Whether the request says which version is at hand; one of our own invention means nothing to the server. */
  get #asksForChange(): boolean {
    const { ifNoneMatch } = this.#reading;
    return ifNoneMatch !== undefined && !this.#restarted && isServersEtag(ifNoneMatch);
  }

  async #deliver(body: Unannounced): Promise<void> {
    const bytes = body.whole();
    this.#unannounced = undefined;
    if (!body.endIsProven && !isAnnounced(bytes, body.headers)) {
      throw this.#protocol("an answer that announces neither its length nor its end");
    }
    this.#start(objectInfo(this.#reading.key, bytes.byteLength, body.headers), body.headers, undefined);
    const { start, end } = this.#range;
    if (end > start) await this.pass(bytes.subarray(start, end));
  }

  #protocol(what: string): EntrepotError {
    return protocolError(this.#reading.uri, what);
  }
}
