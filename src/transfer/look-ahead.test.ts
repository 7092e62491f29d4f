import { expect, test } from "vitest";
import { lookAhead } from "./look-ahead.ts";

/** Work that ends when it is told to. */
function held() {
  const started: number[] = [];
  const ends = new Map<number, { resolve: (value: number) => void; reject: (error: Error) => void }>();
  const work = (item: number) => {
    started.push(item);
    return new Promise<number>((resolve, reject) => ends.set(item, { resolve, reject }));
  };
  return { started, ends, work };
}

test("results come in the order of the items, whichever is done first; no more than the width are under way", async () => {
  const { started, ends, work } = held();
  const results = lookAhead([1, 2, 3, 4, 5], { places: 3 }, work);
  const first = results.next();
  for (let turn = 0; started.length < 3 && turn < 50; turn += 1) await Promise.resolve();
  expect(started).toEqual([1, 2, 3]);
  ends.get(3)?.resolve(30);
  ends.get(2)?.resolve(20);
  ends.get(1)?.resolve(10);
  expect((await first).value).toBe(10);
  expect((await results.next().then((next) => next)).value).toBe(20);
  const rest = (async () => {
    const all: number[] = [];
    for await (const result of results) all.push(result);
    return all;
  })();
  for (let turn = 0; started.length < 5 && turn < 50; turn += 1) await Promise.resolve();
  expect(started).toEqual([1, 2, 3, 4, 5]);
  ends.get(5)?.resolve(50);
  ends.get(4)?.resolve(40);
  expect(await rest).toEqual([30, 40, 50]);
});

test("a failure is thrown at its place, after what came before it", async () => {
  const results = lookAhead([1, 2, 3], { places: 3 }, async (item) => {
    if (item === 2) throw new Error("two");
    return item;
  });
  expect((await results.next()).value).toBe(1);
  await expect(results.next()).rejects.toThrow("two");
  expect(await results.next()).toEqual({ done: true, value: undefined });
});

test("whoever leaves early ends the items", async () => {
  let ended = false;
  async function* items() {
    try {
      for (let item = 0; ; item += 1) yield item;
    } finally {
      ended = true;
    }
  }
  for await (const result of lookAhead(items(), { places: 4 }, async (item) => item)) if (result === 2) break;
  expect(ended).toBe(true);
});

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number += 1) yield number;
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of stream) found.push(each);
  return found;
}

test("results come in the order of what they are of, whichever is first", async () => {
  const ends: (() => void)[] = [];
  const results = all(
    lookAhead(numbers(6), { places: 3, window: 10 }, (number) =>
      number % 2 === 0
        ? number
        : new Promise<number>((resolve) => {
            ends.unshift(() => resolve(number));
            if (ends.length === 3) for (const end of ends) end();
          }),
    ),
  );
  expect(await results).toEqual([0, 1, 2, 3, 4, 5]);
});

test("no more run at once than there are places", async () => {
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  await all(lookAhead(numbers(100), { places: 4, window: 1_000 }, work));
  expect(most).toBe(4);
});

test("what needs no time is held up by nothing but what runs before it, and is not held in memory", async () => {
  let taken = 0;
  for await (const number of lookAhead(numbers(50), { places: 4 }, (each) => {
    taken += 1;
    return each;
  }))
    expect(taken).toBe(number + 1);
  expect(taken).toBe(50);
});

test("while the first takes its time, no more wait behind it than the window has room for", async () => {
  let taken = 0;
  let end = () => {};
  const held = new Promise<number>((resolve) => {
    end = () => resolve(0);
  });
  const stream = lookAhead(numbers(5_000), { places: 2, window: 1_000 }, (number) => {
    taken += 1;
    if (number === 999) end();
    return number === 0 ? held : number;
  });
  expect(await stream.next()).toEqual({ done: false, value: 0 });
  expect(taken).toBe(1_000);
  expect((await all(stream)).length).toBe(4_999);
});
