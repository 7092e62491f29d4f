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
  const results = lookAhead([1, 2, 3, 4, 5], 3, work);
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
  const results = lookAhead([1, 2, 3], 3, async (item) => {
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
  for await (const result of lookAhead(items(), 4, async (item) => item)) if (result === 2) break;
  expect(ended).toBe(true);
});
