/**
 * A read of a foreign store that goes on where it broke off: only with what is missing, only of the same version, else from the
 * beginning where the sink allows that, else not at all.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { BodySink, ObjectInfo, ObjectStore, ReadOptions, ReadResult, ResolvedRange } from "../object-store.ts";
import { type AttemptContext, Attempts } from "../remote/attempts.ts";
import { isStrongEtag } from "../remote/etag.ts";
import { singleAttempt } from "../retry-policy.ts";

/** The object is replaced while it is read this often at most before the read gives up. */
const mostRestarts = 3;

interface Reading {
  readonly key: string;
  readonly sink: BodySink;
  readonly options: ReadOptions;
}

export async function resumedRead(
  store: ObjectStore,
  context: AttemptContext,
  { key, sink, options }: Reading,
): Promise<ReadResult | "not-modified"> {
  const startedMs = context.clock.now();
  const body = new ResumedBody(context.uri, sink);
  const recovery = new Recovery(context, body, options, startedMs);
  for (;;) {
    body.progressBytes = 0;
    try {
      const result = await store.read(key, body, { ...options, ...body.changes(options), retry: singleAttempt });
      return result === "not-modified" ? result : body.resultOf(result);
    } catch (failure) {
      await recovery.after(failure);
    }
  }
}

class Recovery {
  readonly #context: AttemptContext;
  readonly #body: ResumedBody;
  readonly #options: ReadOptions;
  readonly #attempts: Attempts;
  #restarts = 0;

  constructor(context: AttemptContext, body: ResumedBody, options: ReadOptions, startedMs: number) {
    this.#context = context;
    this.#body = body;
    this.#options = options;
    this.#attempts = new Attempts(context, startedMs);
  }

  /** Resolves when there is to be another try; else throws. */
  async after(failure: unknown): Promise<void> {
    const body = this.#body;
    if (body.sinkError !== undefined) throw body.sinkError.reason;
    if (body.continues && isEntrepotError(failure, "precondition-failed", "changed")) {
      this.#restart(this.#changed(failure));
      return;
    }
    const policy = body.begun ? undefined : this.#options.untilStarted?.retry;
    await this.#attempts.next(failure, body.progressBytes, policy);
    // Behind the last byte nothing is left to ask for, and what failed may be the bytes themselves.
    if (body.info !== undefined && (body.complete || !isStrongEtag(body.info.etag))) this.#restart(failure);
  }

  #restart(failure: unknown): void {
    const { restartable } = this.#body;
    if (!restartable || this.#restarts === mostRestarts || this.#options.ifMatch !== undefined) throw failure;
    this.#restarts += 1;
    this.#body.restart();
  }

  #changed(cause: unknown): EntrepotError {
    const { uri } = this.#context;
    return new EntrepotError("changed", `${uri} was replaced while it was being read`, {
      uri,
      hint: "Read it again: the new version is there.",
      cause,
    });
  }
}

/** The caller's sink over as many tries as it takes. Takes pieces in order only: what is missing must be one stretch. */
class ResumedBody implements BodySink {
  readonly restartable: boolean;
  /** Bytes that the try in progress has brought. */
  progressBytes = 0;
  /** What the caller's sink threw. */
  sinkError: { readonly reason: unknown } | undefined;
  /** The version that the sink was told of. */
  info: ObjectInfo | undefined;
  /** Whether the try in progress asks only for what is missing. */
  continues = false;
  readonly #uri: string;
  readonly #sink: BodySink;
  #range: ResolvedRange = { start: 0, end: 0 };
  #position = 0;
  #restarted = false;
  #resumed = false;

  constructor(uri: string, sink: BodySink) {
    this.#uri = uri;
    this.#sink = sink;
    this.restartable = sink.restartable === true;
  }

  /** Whether the sink was ever told of a version, void by now or not. */
  get begun(): boolean {
    return this.info !== undefined || this.#restarted;
  }

  /** Whether all bytes of the version that the sink was told of have come. */
  get complete(): boolean {
    return this.info !== undefined && this.#position >= this.#range.end;
  }

  /** What the next try asks for in place of the caller's own options. */
  changes(options: ReadOptions): ReadOptions {
    this.continues = this.info !== undefined;
    if (this.info !== undefined) {
      const range = { start: this.#position, end: this.#range.end };
      this.#resumed = true;
      return { range, ifMatch: this.info.etag, ifNoneMatch: undefined, untilStarted: undefined };
    }
    // A sink that has seen a version cannot be told that nothing has changed.
    if (this.#restarted) return { ifNoneMatch: undefined, untilStarted: undefined };
    const { untilStarted } = options;
    return untilStarted === undefined ? {} : { untilStarted: { ...untilStarted, retry: singleAttempt } };
  }

  /** Voids what the sink has. */
  restart(): void {
    this.info = undefined;
    this.#restarted = true;
    this.#resumed = false;
  }

  /** The result of all tries together: a part cannot be held against the checksum of the whole. */
  resultOf(last: ReadResult): ReadResult {
    const { info } = this;
    if (info === undefined) return last;
    if (this.#position !== this.#range.end) {
      const missing = this.#range.end - this.#position;
      throw new EntrepotError("truncated", `${this.#uri}: the read ended ${missing} bytes early`, { uri: this.#uri });
    }
    return this.#resumed ? { info, range: this.#range, verified: "length" } : last;
  }

  start(info: ObjectInfo, range: ResolvedRange): void {
    if (this.continues && this.info !== undefined) {
      this.#checkSame(info, range);
      return;
    }
    this.info = info;
    this.#range = range;
    this.#position = range.start;
    try {
      this.#sink.start(info, range);
    } catch (reason) {
      this.sinkError = { reason };
      throw reason;
    }
  }

  write(chunk: Uint8Array): void | Promise<void> {
    const { byteLength } = chunk;
    this.#position += byteLength;
    this.progressBytes += byteLength;
    try {
      return this.#sink.write(chunk)?.catch((reason: unknown) => {
        this.sinkError = { reason };
        throw reason;
      });
    } catch (reason) {
      this.sinkError = { reason };
      throw reason;
    }
  }

  #checkSame(info: ObjectInfo, range: ResolvedRange): void {
    if (info.etag !== this.info?.etag || info.sizeBytes !== this.info.sizeBytes) {
      throw new EntrepotError("changed", `${this.#uri} is another version than the bytes before`, { uri: this.#uri });
    }
    if (range.start === this.#position && range.end === this.#range.end) return;
    throw new EntrepotError("protocol", `${this.#uri}: the store gives another range than it was asked for`, {
      uri: this.#uri,
    });
  }
}
