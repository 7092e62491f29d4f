/**
 * A store that is not asked for more than it bears: calls in flight, calls and bytes per second. Calls wait in the order in
 * which they came, a listing for each page anew, so that a slow reader of pages holds nobody up.
 */
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
import { checkStore } from "./check-arguments.ts";
import { type Decorated, Decorator, type DeleteMany, type PassingAction, type PassingCall } from "./decorator.ts";
import { checkedLimit, Limit, type LimitOptions } from "./limit.ts";
import { passingSink } from "./passing-sink.ts";
import { passingSource, type Source } from "./passing-source.ts";

/**
 * Counts calls of `store`, not the requests that one of them may need. A call of the same store from within the sink or source of
 * another counts too: with `concurrency: 1` it would wait for itself. Closing it closes `store`. RangeError.
 */
export function withLimit<S extends ObjectStore>(store: S, limit: Limit | LimitOptions): Decorated<S> {
  checkStore("withLimit()", store);
  const shared = limit instanceof Limit ? limit : new Limit(checkedLimit("withLimit()", limit));
  return new LimitedStore(store, shared) as unknown as Decorated<S>;
}

class LimitedStore extends Decorator {
  readonly #limit: Limit;

  constructor(inner: ObjectStore, limit: Limit) {
    super(inner);
    this.#limit = limit;
  }

  override read(key: string, sink: BodySink, options?: ReadOptions): Promise<ReadResult | "not-modified"> {
    if (!this.#limit.countsBytes) return super.read(key, sink, options);
    const onBytes = (sizeBytes: number) => this.#limit.pass(sizeBytes, options?.signal);
    return super.read(key, passingSink(sink, { onBytes }), options);
  }

  override write(key: string, body: WriteBody, options?: WriteOptions): Promise<WriteResult> {
    if (!this.#limit.countsBytes) return super.write(key, body, options);
    const { signal } = options ?? {};
    if (!(body instanceof Uint8Array)) return super.write(key, slowed(body, this.#limit, signal), options);
    return this.pass("write", key, options, async (given) => {
      await this.#limit.before(body.byteLength, signal);
      return this.inner.write(key, body, given);
    });
  }

  /** One call, from the first outcome that is asked for to the last. */
  protected override async *deletions(
    deleteMany: DeleteMany,
    keys: readonly string[],
    options: DeleteManyOptions | undefined,
  ): AsyncGenerator<DeletedKey, void, undefined> {
    const end = await this.#limit.begin(options?.signal);
    try {
      yield* super.deletions(deleteMany, keys, options);
    } finally {
      end();
    }
  }

  protected override around<T>({ signal }: PassingCall, action: PassingAction<T>): Promise<T> {
    return this.#limit.during(signal, () => action());
  }
}

/** Counted as they are read, each time: a store that reads a source twice counts twice. */
function slowed(body: Source, limit: Limit, signal: AbortSignal | undefined): Source {
  return passingSource(body, async function* (open) {
    for await (const chunk of open()) {
      await limit.before(chunk.byteLength, signal);
      yield chunk;
    }
  });
}
