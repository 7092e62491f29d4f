/**
 * One question to the server: is the copy current, and if not, what is? With a copy at hand a single quick try decides
 * whether the network is there; everything else gets the store's full patience.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import {
  type BodySink,
  type ObjectInfo,
  type ReadOptions,
  type ReadResult,
  type RequestOptions,
  type ResolvedRange,
  singleAttempt,
} from "../store/index.ts";
import type { Attempt } from "./circuit.ts";
import { type Desk, isOutOfReach } from "./desk.ts";

/** How long a connection may take while a copy is at hand, milliseconds. */
const quickConnectMs = 2_000;

/** `"not-modified"`: the copy is current. `"out-of-reach"`: nobody knows; only with a copy and `network: "auto"`. */
export type Answer = ReadResult | "not-modified" | "out-of-reach";

/** Reads `key` unless it is still the version `copyEtag`. Errors as `ObjectStore.read`. */
export async function ask(
  desk: Desk,
  key: string,
  sink: BodySink,
  options: ReadOptions,
  copyEtag: string | undefined,
): Promise<Answer> {
  const tracked = new TrackedSink(sink);
  const full = copyEtag === undefined ? options : { ...options, ifNoneMatch: copyEtag };
  const read = (request: ReadOptions) => desk.store.read(key, tracked, request);
  if (copyEtag === undefined || desk.options.network !== "auto") {
    return watched(desk.options.circuit.insist(), options.signal, () => read(full));
  }
  const attempt = desk.options.circuit.attempt();
  if (attempt === undefined) return "out-of-reach";
  try {
    return await watched(attempt, options.signal, () => read(quick(full)));
  } catch (error) {
    if (isOutOfReach(error) && tracked.started === undefined) return "out-of-reach";
    if (!isEntrepotError(error) || !error.retryable) throw error;
  }
  if (tracked.started !== undefined) return tracked.resume(desk, key, options);
  try {
    return await watched(desk.options.circuit.insist(), options.signal, () => read(full));
  } catch (error) {
    if (isOutOfReach(error) && tracked.started === undefined) return "out-of-reach";
    throw error;
  }
}

/** The same request, for a caller who has something to fall back on. */
export function quick<O extends RequestOptions>(options: O): O {
  const connectMs = Math.min(options.timeouts?.connectMs ?? quickConnectMs, quickConnectMs);
  return { ...options, retry: singleAttempt, timeouts: { ...options.timeouts, connectMs } };
}

/** Tells the circuit how a try ended. An answer of any kind, an error included, says that the network is there. */
export async function watched<T>(
  attempt: Attempt,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  try {
    const value = await call();
    attempt.succeeded();
    return value;
  } catch (error) {
    if (isOutOfReach(error)) attempt.failed();
    else if (isEntrepotError(error) && signal?.aborted !== true) attempt.succeeded();
    else attempt.abandoned();
    throw error;
  }
}

/** Gives the rest of a version, from a byte of the object on; the sink was started before. Error: changed. */
export async function readRest(
  desk: Desk,
  key: string,
  sink: BodySink,
  from: { readonly info: ObjectInfo; readonly start: number; readonly end: number },
  options: ReadOptions,
): Promise<void> {
  if (from.start >= from.end) return;
  const { signal, versionId, timeouts, retry } = options;
  const rest: BodySink = { start: () => undefined, write: (chunk) => sink.write(chunk) };
  const range = { start: from.start, end: from.end };
  try {
    await desk.store.read(key, rest, { signal, versionId, timeouts, retry, range, ifMatch: from.info.etag });
  } catch (error) {
    if (!isEntrepotError(error, "precondition-failed", "invalid-range")) throw error;
    throw changed(`${desk.store.uri}${key}`, error);
  }
}

/** The object was replaced while it was being read, and what was given cannot be taken back. */
export function changed(uri: string, cause?: unknown): EntrepotError {
  return new EntrepotError("changed", `${uri} was replaced while it was being read`, {
    uri,
    cause,
    hint: "Read it again.",
  });
}

/** Remembers how far a read came. */
class TrackedSink implements BodySink {
  started: { readonly info: ObjectInfo; readonly range: ResolvedRange } | undefined;
  readonly #sink: BodySink;
  #received = 0;

  constructor(sink: BodySink) {
    this.#sink = sink;
  }

  get restartable(): boolean {
    return this.#sink.restartable === true;
  }

  start(info: ObjectInfo, range: ResolvedRange): void {
    this.started = { info, range };
    this.#received = 0;
    this.#sink.start(info, range);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    this.#received += chunk.byteLength;
    return this.#sink.write(chunk);
  }

  /** The quick try broke in the middle of a new version: the rest with full patience. */
  async resume(desk: Desk, key: string, options: ReadOptions): Promise<ReadResult> {
    const { info, range } = this.started as NonNullable<typeof this.started>;
    await readRest(desk, key, this, { info, start: range.start + this.#received, end: range.end }, options);
    return { info, range, verified: "length" };
  }
}
