/** Work on a stream whose results come in its order, some at once and some later: those run side by side, so many at most. */

/** Results that wait behind one that takes its time. */
const window = 1_000;

/** `places` from 1: how many promises of `work` are unsettled at once. The first rejection ends it, in its turn. */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  places: number,
  work: (item: T) => R | Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const waiting: (R | Promise<R>)[] = [];
  let running = 0;
  const ended = () => {
    running -= 1;
  };
  for await (const item of items) {
    const result = work(item);
    if (result instanceof Promise) {
      running += 1;
      // also where nobody asks any more
      result.then(ended, ended);
    }
    waiting.push(result);
    while (waiting.length > 0 && (!(waiting[0] instanceof Promise) || running >= places || waiting.length >= window))
      yield await (waiting.shift() as R | Promise<R>);
  }
  for (const result of waiting) yield await result;
}
