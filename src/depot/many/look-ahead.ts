/**
 * Work begun before its turn, its results in order. How much is begun is bounded by number and by bytes; what is waited for
 * is never held up by what comes after it, so nothing can wait for itself.
 */
import { offAbort, onAbort } from "../../net/index.ts";
import type { MemoryBudget } from "../memory-budget.ts";

/** The place of one job in the line. */
export interface Slot {
  /** Aborted when the consumer has left it. */
  readonly signal: AbortSignal;
  /** Resolves when everything before it has been taken; rejects when the consumer is gone. */
  turn(): Promise<void>;
  /** Changes how much it holds, if that fits. */
  tryHold(bytes: number): boolean;
  /** Changes how much it holds: waits until it fits, or until it is the one that is waited for. `undefined`: need not wait. */
  hold(bytes: number): Promise<void> | undefined;
}

export interface LookAheadOptions<J, T> {
  /** Bytes that a job will hold, as far as that is known before. */
  readonly size: (job: J) => number;
  /** Begins a job. `result` never rejects; `ended` settles when nothing of it is under way any more. */
  readonly begin: (job: J, slot: Slot) => { readonly result: Promise<T>; readonly ended: Promise<unknown> };
  /** Jobs that are under way or held, from 1, and those of them that are under way. */
  readonly objects: number;
  readonly inFlight: number;
  readonly memory: MemoryBudget;
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
}

/** The results of `jobs` in order. A failure of `jobs` itself comes after the results before it. Leaving the loop aborts the rest. */
export async function* lookAhead<J, T>(jobs: AsyncIterable<J>, options: LookAheadOptions<J, T>): AsyncGenerator<T> {
  const line = new Line(options);
  const onEnd = () => line.stop(options.signal.reason);
  onAbort(options.signal, onEnd);
  const filling = line.fill(jobs);
  // a failure of the source is told in its turn, after what it gave before
  filling.catch(() => undefined);
  try {
    for (let first = await line.first(); first !== undefined; first = await line.first()) {
      const result = await first.result;
      options.signal.throwIfAborted();
      yield result;
      line.leave(first);
    }
    await filling;
    options.signal.throwIfAborted();
  } finally {
    offAbort(options.signal, onEnd);
    await line.stop(new DOMException("nobody reads on", "AbortError"));
  }
}

interface Waiting<T> {
  readonly job: JobSlot;
  readonly result: Promise<T>;
  readonly ended: Promise<unknown>;
}

/** What a job sees of the line. */
interface LineView {
  readonly stopped: { readonly reason: unknown } | undefined;
  isFirst(slot: Slot): boolean;
  change(): Promise<void>;
}

class Line<J, T> implements LineView {
  readonly #options: LookAheadOptions<J, T>;
  #waiting: Waiting<T>[] = [];
  #running = 0;
  #filled = false;
  #stopped: { readonly reason: unknown } | undefined;
  #changed: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(options: LookAheadOptions<J, T>) {
    this.#options = options;
  }

  /** Begins jobs as there is room for them. */
  async fill(jobs: AsyncIterable<J>): Promise<void> {
    const iterator = jobs[Symbol.asyncIterator]();
    let ended = false;
    try {
      while (this.#stopped === undefined) {
        const next = await iterator.next();
        if (next.done === true) {
          ended = true;
          break;
        }
        const slot = new JobSlot(this, this.#options);
        while (!this.#mayBegin(slot, this.#options.size(next.value))) await this.change();
        if (this.#stopped === undefined) this.#begin(next.value, slot);
      }
    } finally {
      this.#filled = true;
      this.notify();
      // not awaited: a source that hangs would hold up the end that it is to be told of
      if (!ended) void endOf(iterator);
    }
  }

  #mayBegin(slot: JobSlot, bytes: number): boolean {
    if (this.#stopped !== undefined) return true;
    if (this.#waiting.length === 0) {
      slot.insist(bytes);
      return true;
    }
    const { objects, inFlight } = this.#options;
    return this.#waiting.length < objects && this.#running < inFlight && slot.tryHold(bytes);
  }

  #begin(job: J, slot: JobSlot): void {
    this.#running += 1;
    const begun = this.#options.begin(job, slot);
    this.#waiting.push({ job: slot, ...begun });
    const done = () => {
      this.#running -= 1;
      this.notify();
    };
    void begun.ended.then(done, done);
    this.notify();
  }

  /** The first that has not been taken; `undefined` at the end. */
  async first(): Promise<Waiting<T> | undefined> {
    while (this.#waiting.length === 0 && !this.#filled) await this.change();
    return this.#waiting[0];
  }

  isFirst(slot: Slot): boolean {
    return this.#waiting[0]?.job === slot;
  }

  leave(first: Waiting<T>): void {
    this.#waiting.shift();
    first.job.end(leftBehind);
    this.notify();
  }

  async stop(reason: unknown): Promise<void> {
    this.#stopped ??= { reason };
    const left = this.#waiting;
    for (const { job } of left) job.end(reason);
    this.notify();
    await Promise.allSettled(left.map(({ ended }) => ended));
  }

  get stopped(): { readonly reason: unknown } | undefined {
    return this.#stopped;
  }

  /** Resolves when something has been taken, begun or ended. */
  change(): Promise<void> {
    if (this.#changed === undefined) {
      let resolve = (): void => undefined;
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      this.#changed = { promise, resolve };
    }
    return this.#changed.promise;
  }

  notify(): void {
    this.#changed?.resolve();
    this.#changed = undefined;
  }
}

const leftBehind = new DOMException("the next object was asked for", "AbortError");

class JobSlot implements Slot {
  readonly #line: LineView;
  readonly #memory: MemoryBudget;
  readonly #memoryBytes: number;
  readonly #abort = new AbortController();
  #held = 0;

  constructor(
    line: LineView,
    { memory, memoryBytes }: { readonly memory: MemoryBudget; readonly memoryBytes: number },
  ) {
    this.#line = line;
    this.#memory = memory;
    this.#memoryBytes = memoryBytes;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  async turn(): Promise<void> {
    while (!this.#line.isFirst(this)) {
      this.#assertWanted();
      await this.#line.change();
    }
    this.#assertWanted();
  }

  tryHold(bytes: number): boolean {
    if (this.#abort.signal.aborted || !this.#memory.take(bytes - this.#held, this.#memoryBytes)) return false;
    this.#held = bytes;
    return true;
  }

  insist(bytes: number): void {
    this.#memory.take(bytes - this.#held, Number.POSITIVE_INFINITY);
    this.#held = bytes;
  }

  hold(bytes: number): Promise<void> | undefined {
    return bytes <= this.#held || this.tryHold(bytes) ? undefined : this.#wait(bytes);
  }

  async #wait(bytes: number): Promise<void> {
    while (!this.#line.isFirst(this)) {
      this.#assertWanted();
      if (this.tryHold(bytes)) return;
      await this.#line.change();
    }
    this.#assertWanted();
    this.insist(bytes);
  }

  end(reason: unknown): void {
    this.#abort.abort(reason);
    this.#memory.give(this.#held);
    this.#held = 0;
  }

  #assertWanted(): void {
    this.#abort.signal.throwIfAborted();
    if (this.#line.stopped !== undefined) throw this.#line.stopped.reason;
  }
}

/** Never rejects: it would hide why the source was ended. */
async function endOf(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // nobody wants to know: nothing more is taken from it
  }
}
