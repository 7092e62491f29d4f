/**
 * One read, from the first try to the result: continues a body that broke off, starts again when the object was replaced and
 * the sink allows it, and answers ranges without a byte, which HTTP cannot ask for.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { checkRange, resolveRange } from "../byte-range.ts";
import type { BodySink, ByteRange, ReadResult } from "../object-store.ts";
import { Refused } from "./answer.ts";
import { Attempts } from "./attempts.ts";
import { Body, enough, paused } from "./body.ts";
import { checkPinnable, isStrongEtag } from "./etag.ts";
import { noRanges, replaced } from "./part.ts";
import { isEmptyRange } from "./range.ts";
import type { Reading } from "./reading.ts";
import { DigestSink, SecondReading } from "./second-reading.ts";

/** The object is replaced while it is read this often at most before the read gives up. */
const mostRestarts = 3;

/** Reads into the sink. */
export async function readObject(reading: Reading, sink: BodySink): Promise<ReadResult | "not-modified"> {
  const { range } = reading;
  if (range !== undefined) {
    checkRange(range);
    checkPinnable(reading.ifMatch, reading.uri);
    if (isEmptyRange(range)) return readNothing(reading, range, sink);
  }
  const startedMs = reading.clock.now();
  const body = new Body(reading, sink);
  let recovery: Recovery | undefined;
  try {
    for (;;) {
      try {
        try {
          await reading.send(body.nextHeaders(), body, body.begun ? undefined : reading.untilStarted?.timeouts);
        } catch (failure) {
          if (failure !== enough) throw failure;
        }
        if (body.notModified) return "not-modified";
        const pending = body.pending();
        if (pending !== undefined) await pending;
        return body.finish();
      } catch (failure) {
        recovery ??= new Recovery(reading, body, sink, startedMs);
        const result = await recovery.after(failure);
        if (result !== undefined) return result;
      }
    }
  } finally {
    body.verification?.end();
    if (body.parallel !== undefined) await body.parallel.stop();
  }
}

/** What to do after a failed try. */
class Recovery {
  readonly #reading: Reading;
  readonly #body: Body;
  readonly #sink: BodySink;
  readonly #attempts: Attempts;
  #restarts = 0;

  constructor(reading: Reading, body: Body, sink: BodySink, startedMs: number) {
    this.#reading = reading;
    this.#body = body;
    this.#sink = sink;
    this.#attempts = new Attempts(reading, startedMs);
  }

  /** Gives the result if there is one after all, nothing if there is to be another try; else throws. */
  async after(failure: unknown): Promise<ReadResult | "not-modified" | undefined> {
    const body = this.#body;
    if (body.sink.error !== undefined) throw body.sink.error.reason;
    if (failure === paused) {
      await body.verification?.answered;
      // The chunk before ended where the others begin: there is no range left to ask for here.
      return body.limited || body.complete ? this.#afterOthers() : undefined;
    }
    const status = failure instanceof Refused ? failure.refusal.status : undefined;
    const integrity = failure instanceof EntrepotError && failure.code === "integrity";
    if (failure === noRanges) {
      if (body.goOnAlone()) return undefined;
      if (this.#sink.restartable !== true) throw this.#withoutRanges();
      // Once for each server: no fault of the object, so it is not counted.
      await body.restart();
      return undefined;
    }
    const others = body.parallel?.failure;
    if (others !== undefined && others.reason === failure && failure !== replaced) throw failure;
    if (body.started) {
      if (failure === replaced || status === 412) return this.#restart(this.#changed(failure));
      // It was this read that asked behind the end, and not its caller: the length that was announced is not the object's.
      if (status === 416) return this.#restart(this.#overstated());
      if (integrity && (await this.#wasWrongGuess())) return body.finish();
      if (integrity) return this.#restart(failure);
      if (body.complete && !(failure instanceof Refused)) return body.finish();
      if (body.limited && !(failure instanceof Refused)) return this.#afterOthers();
      if (status === 501 && body.pins) {
        body.pins = false;
        return undefined;
      }
    } else if (status === 416 && this.#reading.range !== undefined) {
      return readNothing(this.#reading, this.#reading.range, this.#sink);
    }
    const policy = body.begun ? undefined : this.#reading.untilStarted?.retry;
    await this.#attempts.next(failure, body.progressBytes, policy);
    if (body.started && !body.continuable) await this.#restart(failure);
    return undefined;
  }

  /** What came here is all there, though its connection broke: the others decide. */
  async #afterOthers(): Promise<ReadResult | "not-modified" | undefined> {
    try {
      await this.#body.pending();
      return this.#body.finish();
    } catch (failure) {
      return this.after(failure);
    }
  }

  /** Reads the version once more: bytes that come twice are the object's, and it is the expectation that was wrong. */
  async #wasWrongGuess(): Promise<boolean> {
    const { verification } = this.#body;
    const doubt = verification?.doubt;
    if (doubt === undefined) return false;
    const digest = new DigestSink(doubt);
    try {
      await readObject(new SecondReading(this.#reading, this.#body.info), digest);
    } catch (error) {
      this.#reading.signal?.throwIfAborted();
      // What cannot be read again is not shown to be right.
      if (isEntrepotError(error)) return false;
      throw error;
    }
    if (digest.computed() !== doubt.computed()) return false;
    this.#reading.findings?.noteWrongGuess(doubt.announced);
    verification?.drop();
    return true;
  }

  async #restart(failure: unknown): Promise<undefined> {
    if (this.#sink.restartable !== true || this.#restarts === mostRestarts || this.#reading.ifMatch !== undefined) {
      throw failure;
    }
    this.#restarts++;
    await this.#body.restart();
    return undefined;
  }

  #overstated(): EntrepotError {
    const { uri } = this.#reading;
    return new EntrepotError("truncated", `${uri}: more bytes were announced than the object has`, { uri });
  }

  #withoutRanges(): EntrepotError {
    const { uri } = this.#reading;
    return new EntrepotError("protocol", `${uri}: the server does not answer ranges with what was asked for`, {
      uri,
      hint: "Read it again: from now on its objects are read in one stream.",
    });
  }

  #changed(cause: unknown): EntrepotError {
    const { uri } = this.#reading;
    return new EntrepotError("changed", `${uri} was replaced while it was being read`, {
      uri,
      hint: "Read it again: the new version is there.",
      cause: cause === replaced ? undefined : cause,
    });
  }
}

/** A range without a byte: the object must be there, and the start within it. */
async function readNothing(reading: Reading, range: ByteRange, sink: BodySink): Promise<ReadResult | "not-modified"> {
  const info = await reading.stat();
  if (reading.ifNoneMatch === info.etag && isStrongEtag(info.etag)) return "not-modified";
  const { uri } = reading;
  const resolved = resolveRange(range, info.sizeBytes, uri);
  if (resolved.start < resolved.end) {
    throw new EntrepotError("protocol", `${uri}: the server refuses a range that lies within the object`, { uri });
  }
  sink.start(info, resolved);
  return { info, range: resolved, verified: "length" };
}
