/** Work on a stream that begins before its turn: results in order, a bounded number under way. */

/**
 * What `work` gives for each item, in their order; up to `width` (from 1) are under way. The first failure is thrown at its place.
 * Whoever leaves early leaves the others to their end.
 */
export async function* lookAhead<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // its turn comes later, and nobody listens until then
      result.catch(() => undefined);
      underWay.push(result);
      if (underWay.length < width) continue;
      yield await (underWay.shift() as Promise<R>);
    }
    for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) yield await next;
  } finally {
    await Promise.allSettled(underWay);
  }
}
