/**
 * A foreign store that is asked again when a failure may pass by itself. Not for our own S3 and web stores, which retry below,
 * where it is known what was sent.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type {
  BodySink,
  DeletedKey,
  DeleteManyOptions,
  DeleteOptions,
  ListOptions,
  ListPage,
  ObjectStore,
  ReadOptions,
  ReadResult,
  VersionPage,
  WriteBody,
  WriteOptions,
  WriteResult,
} from "../object-store.ts";
import { hasOwnRetries, type OwnRetries } from "../own-retries.ts";
import { type AttemptContext, Attempts, type RetryEvent } from "../remote/attempts.ts";
import { Doubt } from "../remote/doubt.ts";
import { type Clock, defaultRetryPolicy, type RetryPolicy, singleAttempt } from "../retry-policy.ts";
import { systemClock } from "../system-clock.ts";
import { CallersFailure, watchSource } from "./callers-failure.ts";
import { checkOptions, checkPolicy, checkStore, retryChecks } from "./check-arguments.ts";
import {
  type Decorated,
  Decorator,
  type DeleteMany,
  type ListVersions,
  layersOf,
  type PassingAction,
  type PassingCall,
  type StoreMethod,
  type VersionOptions,
} from "./decorator.ts";
import { opensAgain } from "./passing-source.ts";
import { resumedList } from "./resumed-list.ts";
import { resumedRead } from "./resumed-read.ts";

export interface WithRetryOptions {
  readonly clock?: Clock | undefined;
  /** Told before each wait. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
}

/**
 * Repeats calls of `store` that fail with an error that is `retryable`: 10 tries within 180 s unless `policy` says otherwise, the
 * delays random. A read goes on behind the last byte, pinned to its version, a listing behind the last key. A change under a
 * condition is repeated under it; a repetition that finds it false after an answer was lost is `server-error`: it may have found
 * the first. Closing it closes `store`. TypeError for a store that retries by itself.
 */
export function withRetry<S extends ObjectStore>(
  store: S,
  policy: RetryPolicy = defaultRetryPolicy,
  options: WithRetryOptions = {},
): Decorated<S> {
  checkStore("withRetry()", store);
  checkPolicy("withRetry()", policy);
  checkOptions("withRetry()", options, retryChecks);
  for (const layer of layersOf(store)) {
    if (hasOwnRetries(layer)) {
      throw new TypeError(
        `${store.uri} retries by itself: give it a policy (retry) when it is opened, not a second layer`,
      );
    }
  }
  return new RetryingStore(store, policy, options) as unknown as Decorated<S>;
}

const verbs: Partial<Record<StoreMethod, string>> = {
  copyFrom: "copy",
  createBucket: "make the bucket",
  removeBucket: "remove the bucket",
};
/** Codes that say that nothing was done. */
const refusing = ["throttled", "busy"] as const;
/** What a condition that is false looks like. */
const verdicts = ["already-exists", "precondition-failed", "not-found"] as const;

class RetryingStore extends Decorator implements OwnRetries {
  readonly retriesByItself = true;
  readonly #policy: RetryPolicy;
  readonly #clock: Clock;
  readonly #onRetry: WithRetryOptions["onRetry"];

  constructor(inner: ObjectStore, policy: RetryPolicy, { clock = systemClock, onRetry }: WithRetryOptions) {
    super(inner);
    this.#policy = policy;
    this.#clock = clock;
    this.#onRetry = onRetry;
  }

  override read(key: string, sink: BodySink, options: ReadOptions = {}): Promise<ReadResult | "not-modified"> {
    return resumedRead(this.inner, this.#context("read", key, options), { key, sink, options });
  }

  override write(key: string, body: WriteBody, options?: WriteOptions): Promise<WriteResult> {
    if (body instanceof Uint8Array) return super.write(key, body, options);
    // What can be opened only once is written once, and fails as it fails.
    if (!opensAgain(body)) return this.inner.write(key, body, { ...options, retry: singleAttempt });
    const { source, orFailure } = watchSource(body);
    return this.pass("write", key, options, (given) => orFailure(this.inner.write(key, source, given)));
  }

  override list(options: ListOptions = {}): AsyncGenerator<ListPage, void, undefined> {
    return resumedList(this.inner, this.#context("list", options.prefix ?? "", options), options);
  }

  /** Nothing says where such a listing could go on, so it fails as it fails. */
  protected override async *versions(
    listVersions: ListVersions,
    options: VersionOptions,
  ): AsyncGenerator<VersionPage, void, undefined> {
    yield* listVersions(options);
  }

  /** What failed among many and may pass is deleted by itself. */
  protected override async *deletions(
    deleteMany: DeleteMany,
    keys: readonly string[],
    options: DeleteManyOptions | undefined,
  ): AsyncGenerator<DeletedKey, void, undefined> {
    const { ifMatch, ...request } = options ?? {};
    let at = 0;
    for await (const outcome of super.deletions(deleteMany, keys, { ...options, retry: singleAttempt })) {
      const etag = ifMatch?.[at++];
      if (outcome.error?.retryable !== true) yield outcome;
      else yield { key: outcome.key, error: await this.#deletedAlone(outcome.key, { ...request, ifMatch: etag }) };
    }
  }

  async #deletedAlone(key: string, options: DeleteOptions): Promise<EntrepotError | undefined> {
    try {
      await this.delete(key, options);
      return undefined;
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      return options.ifMatch !== undefined && error.code === "not-found" ? undefined : error;
    }
  }

  protected override async around<T>(call: PassingCall, action: PassingAction<T>): Promise<T> {
    const context = this.#context(call.method, call.key, call);
    const startedMs = this.#clock.now();
    const doubt = new Doubt();
    let attempts: Attempts | undefined;
    for (;;) {
      try {
        return await action(singleAttempt);
      } catch (failure) {
        if (failure instanceof CallersFailure) throw failure.reason;
        if (call.conditional && doubt.exists && isEntrepotError(failure, ...verdicts)) {
          throw doubt.error(verbs[call.method] ?? call.method, context.uri, failure);
        }
        if (failure instanceof EntrepotError && !isEntrepotError(failure, ...refusing)) doubt.onFailure(failure);
        attempts ??= new Attempts(context, startedMs);
        await attempts.next(failure);
      }
    }
  }

  #context(
    method: StoreMethod,
    key: string,
    { signal, retry }: { readonly signal?: AbortSignal | undefined; readonly retry?: RetryPolicy | undefined },
  ): AttemptContext {
    return {
      clock: this.#clock,
      policy: retry ?? this.#policy,
      uri: this.addressOf(key),
      method,
      signal,
      onRetry: this.#onRetry,
    };
  }
}
