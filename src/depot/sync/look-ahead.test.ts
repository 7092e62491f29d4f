import { expect, test } from "vitest";
import { inOrder } from "./look-ahead.ts";

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
    inOrder(numbers(6), 3, (number) =>
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
  await all(inOrder(numbers(100), 4, work));
  expect(most).toBe(4);
});

test("what needs no time is held up by nothing but what runs before it, and is not held in memory", async () => {
  let taken = 0;
  for await (const number of inOrder(numbers(50), 4, (each) => {
    taken += 1;
    return each;
  }))
    expect(taken).toBe(number + 1);
  expect(taken).toBe(50);
});

test("a failure comes in its turn, and ends it", async () => {
  const work = async (number: number) => {
    if (number === 2) throw new Error("two");
    return number;
  };
  const seen: number[] = [];
  const run = async () => {
    for await (const number of inOrder(numbers(9), 8, work)) seen.push(number);
  };
  await expect(run()).rejects.toThrow("two");
  expect(seen).toEqual([0, 1]);
});

test("while the first takes its time, no more than a thousand wait behind it", async () => {
  let taken = 0;
  let end = () => {};
  const held = new Promise<number>((resolve) => {
    end = () => resolve(0);
  });
  const stream = inOrder(numbers(5_000), 2, (number) => {
    taken += 1;
    if (number === 999) end();
    return number === 0 ? held : number;
  });
  expect(await stream.next()).toEqual({ done: false, value: 0 });
  expect(taken).toBe(1_000);
  expect((await all(stream)).length).toBe(4_999);
});
