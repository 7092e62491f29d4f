/**
 * One question to the server: is the copy current, and if not, what is? With a copy at hand a single quick try decides
 * whether the network is there; everything else, the rest of a new version too, gets the store's full patience.
 */
import { isEntrepotError } from "../error/index.ts";
import {
  type BodySink,
  isNeverSigned,
  type ObjectInfo,
  type ReadOptions,
  type ReadResult,
  type RequestOptions,
  type ResolvedRange,
  singleAttempt,
} from "../store/index.ts";
import type { Attempt } from "./circuit.ts";
import { type Desk, isOutOfReach } from "./desk.ts";

/** While a copy is at hand: how long a connection may take, milliseconds. */
const quickConnectMs = 2_000;
/** And how long the answer to a request that was sent. */
const quickFirstByteMs = 5_000;

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
  const { circuit, network } = desk.options;
  const full = copyEtag === undefined ? options : { ...options, ifNoneMatch: copyEtag };
  if (copyEtag === undefined || network !== "auto") {
    return watched(circuit.insist(), options.signal, () => desk.store.read(key, sink, full));
  }
  const attempt = circuit.attempt();
  if (attempt === undefined) return "out-of-reach";
  // What was begun is brought to its end by the store: it alone knows what the server said of the bytes.
  const noting = new NotingSink(sink, () => attempt.succeeded());
  const read = (request: ReadOptions) => desk.store.read(key, noting, request);
  try {
    return await watched(attempt, options.signal, () => read({ ...full, untilStarted: quick(options) }));
  } catch (error) {
    if (noting.started) throw error;
    if (isOutOfReach(error)) return "out-of-reach";
    if (!isEntrepotError(error) || !error.retryable) throw error;
  }
  try {
    return await watched(circuit.insist(), options.signal, () => read(full));
  } catch (error) {
    if (isOutOfReach(error) && !noting.started) return "out-of-reach";
    throw error;
  }
}

/** The patience of a caller who has something to fall back on. */
export function quick({ timeouts }: RequestOptions): Pick<RequestOptions, "retry" | "timeouts"> {
  const connectMs = Math.min(timeouts?.connectMs ?? quickConnectMs, quickConnectMs);
  const firstByteMs = Math.min(timeouts?.firstByteMs ?? quickFirstByteMs, quickFirstByteMs);
  return { retry: singleAttempt, timeouts: { ...timeouts, connectMs, firstByteMs } };
}

/** Tells the circuit how a try ended. An answer of any kind, an error included, says that the network is there. */
export async function watched<T>(
  attempt: Attempt,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
  isAnswer: (value: T) => boolean = () => true,
): Promise<T> {
  try {
    const value = await call();
    if (isAnswer(value)) attempt.succeeded();
    else attempt.abandoned();
    return value;
  } catch (error) {
    // Whoever gives credentials is another server than the one that the circuit is about.
    if (isNeverSigned(error)) attempt.abandoned();
    else if (isOutOfReach(error)) attempt.failed();
    else if (isEntrepotError(error) && signal?.aborted !== true) attempt.succeeded();
    else attempt.abandoned();
    throw error;
  }
}

/** Notices the beginning of an answer. */
class NotingSink implements BodySink {
  started = false;
  readonly #sink: BodySink;
  readonly #onStart: () => void;

  constructor(sink: BodySink, onStart: () => void) {
    this.#sink = sink;
    this.#onStart = onStart;
  }

  get restartable(): boolean {
    return this.#sink.restartable === true;
  }

  start(info: ObjectInfo, range: ResolvedRange): void {
    this.started = true;
    this.#onStart();
    this.#sink.start(info, range);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    return this.#sink.write(chunk);
  }

  get writeAt(): BodySink["writeAt"] {
    return this.#sink.writeAt?.bind(this.#sink);
  }
}
