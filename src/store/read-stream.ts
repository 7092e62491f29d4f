/**
 * A read as an async iterable with back-pressure: at most one chunk is held, and leaving the loop ends the request.
 */
import type { BodySink, Bytes, ObjectInfo, ReadOptions, ResolvedRange } from "./object-store.ts";
import type { Readable } from "./read-bytes.ts";

/** What a stream tells besides bytes: the version, before the first byte. */
export interface StreamHooks {
  readonly onStart?: ((info: ObjectInfo, range: ResolvedRange) => void) | undefined;
}

/**
 * The bytes of one version as they arrive, each chunk the consumer's own. Nothing is asked for before the first `next()`.
 * Errors as `ObjectStore.read`; a change in mid-read is `changed`, since earlier bytes are already gone.
 */
export async function* readStream<O extends ReadOptions>(
  store: Readable<O>,
  key: string,
  options: O,
  hooks: StreamHooks = {},
): AsyncGenerator<Bytes, void, void> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const queue = new Handover();
  const reading = store.read(key, sinkInto(queue, hooks), { ...options, signal }).then(
    () => queue.end(),
    (error: unknown) => queue.fail(error),
  );
  try {
    for (let chunk = await queue.take(); chunk !== undefined; chunk = await queue.take()) yield chunk;
  } finally {
    stop.abort();
    queue.abandon();
    await reading;
  }
}

function sinkInto(queue: Handover, hooks: StreamHooks): BodySink {
  return {
    start: (info, range) => hooks.onStart?.(info, range),
    write: (chunk) => queue.give(chunk.slice()),
  };
}

/** One place where a chunk waits for its reader; the writer waits until it is taken. */
class Handover {
  #chunk: Bytes | undefined;
  #ended = false;
  #failed = false;
  #error: unknown;
  #abandoned = false;
  #taken: (() => void) | undefined;
  #arrived: (() => void) | undefined;

  give(chunk: Bytes): Promise<void> | undefined {
    if (this.#abandoned) return undefined;
    this.#chunk = chunk;
    this.#wake();
    return new Promise((resolve) => {
      this.#taken = resolve;
    });
  }

  async take(): Promise<Bytes | undefined> {
    while (this.#chunk === undefined) {
      if (this.#failed) throw this.#error;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    const chunk = this.#chunk;
    this.#chunk = undefined;
    this.#release();
    return chunk;
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  fail(error: unknown): void {
    this.#failed = true;
    this.#error = error;
    this.#wake();
  }

  abandon(): void {
    this.#abandoned = true;
    this.#chunk = undefined;
    this.#release();
  }

  #wake(): void {
    this.#arrived?.();
    this.#arrived = undefined;
  }

  #release(): void {
    this.#taken?.();
    this.#taken = undefined;
  }
}
