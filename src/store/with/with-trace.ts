/**
 * A store that tells of every call when it begins and when it has ended. Told are addresses, sizes and outcomes: never bytes,
 * metadata, signed URLs or what stands behind the `?` of a web address.
 */
import { type ErrorCode, isEntrepotError, safeListener, wrongValue } from "../../error/index.ts";
import type {
  BodySink,
  DeletedKey,
  DeleteManyOptions,
  ObjectStore,
  ReadOptions,
  ReadResult,
  WriteBody,
  WriteOptions,
  WriteResult,
} from "../object-store.ts";
import type { Clock } from "../retry-policy.ts";
import { systemClock } from "../system-clock.ts";
import { checkOptions, checkStore, traceChecks } from "./check-arguments.ts";
import {
  type Decorated,
  Decorator,
  type DeleteMany,
  type PassingAction,
  type PassingCall,
  type StoreMethod,
} from "./decorator.ts";
import { passingSink } from "./passing-sink.ts";

/** What became of a call: `aborted` by its signal, `error` for what is no `EntrepotError`, e.g. of the caller's own sink. */
export type StoreOutcome = ErrorCode | "ok" | "not-modified" | "aborted" | "error";

interface TracedCall {
  /** The same in both events of a call; counts all calls of the store from 1. */
  readonly number: number;
  /** A listing is one call per page. */
  readonly method: StoreMethod;
  /** Of the object, the prefix of a listing or the store; without the query of a web address. */
  readonly uri: string;
  /** When it began, milliseconds since 1970. */
  readonly startedMs: number;
}

/** Narrow it by `type`. */
export type StoreTraceEvent =
  | (TracedCall & { readonly type: "begun" })
  | (TracedCall & {
      readonly type: "ended";
      readonly durationMs: number;
      /** Handed to the sink by a read, those of a restart again; of the object by a write that went well; else 0. */
      readonly bytes: number;
      readonly outcome: StoreOutcome;
    });

/**
 * Tells `tracer` of every call of `store`: `begun` in the caller's own async context, `ended` before the caller knows. What `tracer`
 * throws breaks no call; it is a process warning, once. Closing it closes `store`.
 */
export function withTrace<S extends ObjectStore>(
  store: S,
  tracer: (event: StoreTraceEvent) => void,
  options: { readonly clock?: Pick<Clock, "now"> | undefined } = {},
): Decorated<S> {
  checkStore("withTrace()", store);
  if (typeof tracer !== "function") throw wrongValue("the second argument", "withTrace()", "a function", tracer);
  checkOptions("withTrace()", options, traceChecks);
  return new TracedStore(store, tracer, options.clock ?? systemClock) as unknown as Decorated<S>;
}

class TracedStore extends Decorator {
  readonly #tell: (event: StoreTraceEvent) => void;
  readonly #clock: Pick<Clock, "now">;
  #calls = 0;

  constructor(inner: ObjectStore, tracer: (event: StoreTraceEvent) => void, clock: Pick<Clock, "now">) {
    super(inner);
    this.#tell = safeListener(tracer, "the tracer of withTrace()");
    this.#clock = clock;
  }

  override read(key: string, sink: BodySink, options: ReadOptions = {}): Promise<ReadResult | "not-modified"> {
    let bytes = 0;
    const count = (sizeBytes: number): void => {
      bytes += sizeBytes;
    };
    const counting = passingSink(sink, { onBytes: count });
    const { signal } = options;
    return this.#traced(
      "read",
      key,
      signal,
      () => this.inner.read(key, counting, options),
      () => bytes,
    );
  }

  override write(key: string, body: WriteBody, options: WriteOptions = {}): Promise<WriteResult> {
    const { signal } = options;
    const written = (result: WriteResult | undefined): number => result?.sizeBytes ?? 0;
    return this.#traced("write", key, signal, () => this.inner.write(key, body, options), written);
  }

  protected override around<T>({ method, key, signal }: PassingCall, action: PassingAction<T>): Promise<T> {
    return this.#traced(method, key, signal, action, () => 0);
  }

  /** One call of `delete` per key, all begun together, each ended with its own outcome. */
  protected override async *deletions(
    deleteMany: DeleteMany,
    keys: readonly string[],
    options: DeleteManyOptions | undefined,
  ): AsyncGenerator<DeletedKey, void, undefined> {
    const calls = keys.map((key) => this.#begun("delete", key));
    let ended = 0;
    try {
      for await (const outcome of super.deletions(deleteMany, keys, options)) {
        calls[ended++]?.(outcome.error?.code ?? "ok", 0);
        yield outcome;
      }
    } catch (error) {
      for (; ended < calls.length; ended += 1) calls[ended]?.(outcomeOf(error, options?.signal), 0);
      throw error;
    } finally {
      // Whoever stops asking knows no more of the rest.
      for (; ended < calls.length; ended += 1) calls[ended]?.("aborted", 0);
    }
  }

  async #traced<T>(
    method: StoreMethod,
    key: string,
    signal: AbortSignal | undefined,
    action: () => Promise<T>,
    bytesOf: (result: T | undefined) => number,
  ): Promise<T> {
    const ended = this.#begun(method, key);
    try {
      const result = await action();
      ended(result === "not-modified" ? "not-modified" : "ok", bytesOf(result));
      return result;
    } catch (error) {
      ended(outcomeOf(error, signal), bytesOf(undefined));
      throw error;
    }
  }

  /** Tells of the beginning; what it gives tells of the end. */
  #begun(method: StoreMethod, key: string): (outcome: StoreOutcome, bytes: number) => void {
    this.#calls += 1;
    const startedMs = this.#clock.now();
    const call: TracedCall = { number: this.#calls, method, uri: shown(this.addressOf(key)), startedMs };
    this.#tell({ type: "begun", ...call });
    return (outcome, bytes) => {
      const durationMs = Math.max(0, this.#clock.now() - startedMs);
      this.#tell({ type: "ended", ...call, durationMs, bytes, outcome });
    };
  }
}

/** What stands behind the `?` of a web address may be a signature. */
function shown(uri: string): string {
  return /^https?:/.test(uri) ? (uri.split(/[?#]/, 1)[0] ?? "") : uri;
}

function outcomeOf(error: unknown, signal: AbortSignal | undefined): StoreOutcome {
  if (signal?.aborted === true && error === signal.reason) return "aborted";
  return isEntrepotError(error) ? error.code : "error";
}
