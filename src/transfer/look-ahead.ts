/** Work on a stream that begins before its turn: results in order, some at once and some later, a bounded number under way. */

export interface LookAheadOptions {
  /** How many promises of the work are unsettled at once, from 1. */
  readonly places: number;
  /** Results that may wait behind one that takes its time, settled or not. Default `places`. */
  readonly window?: number | undefined;
}

/**
 * What `work` gives for each item, in their order. The first failure is thrown at its place. Whoever leaves early leaves the others to
 * their end.
 */
export async function* lookAhead<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  { places, window = places }: LookAheadOptions,
  work: (item: T) => R | Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const waiting: (R | Promise<R>)[] = [];
  let running = 0;
  const ended = () => {
    running -= 1;
  };
  try {
    for await (const item of items) {
      const result = work(item);
      if (result instanceof Promise) {
        running += 1;
        // its turn comes later, and nobody listens until then
        result.then(ended, ended);
      }
      waiting.push(result);
      while (waiting.length > 0 && (!(waiting[0] instanceof Promise) || running >= places || waiting.length >= window))
        yield await (waiting.shift() as R | Promise<R>);
    }
    while (waiting.length > 0) yield await (waiting.shift() as R | Promise<R>);
  } finally {
    await Promise.allSettled(waiting);
  }
}
