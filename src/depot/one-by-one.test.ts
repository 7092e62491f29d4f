import { describe, expect, test } from "vitest";
import { oneByOne } from "./one-by-one.ts";

async function allOf<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

/** What was asked of the pages, and whether they were ended. */
class Pages {
  asked = 0;
  ended = false;

  async *of<T>(...pages: readonly Iterable<T>[]): AsyncGenerator<Iterable<T>> {
    try {
      for (const page of pages) {
        this.asked += 1;
        yield page;
      }
    } finally {
      this.ended = true;
    }
  }
}

function* failing(): Generator<number> {
  yield 1;
  throw new Error("no second");
}

describe("entries of pages", () => {
  test("come in their order, with pages between that hold none", async () => {
    expect(await allOf(oneByOne(new Pages().of([], [1, 2], [], [3], [])))).toEqual([1, 2, 3]);
  });

  test("ask for a page when the one before it is at its end", async () => {
    const pages = new Pages();
    const entries = oneByOne(pages.of([1, 2], [3]));
    expect(pages.asked).toBe(0);
    await entries.next();
    await entries.next();
    expect(pages.asked).toBe(1);
    expect(await entries.next()).toEqual({ done: false, value: 3 });
    expect(pages.asked).toBe(2);
  });

  test("come in their order to those who ask before they were answered", async () => {
    const entries = oneByOne(new Pages().of([1], [2, 3], [4]));
    const given = await Promise.all(Array.from({ length: 6 }, () => entries.next()));
    expect(given.map(({ value }) => value)).toEqual([1, 2, 3, 4, undefined, undefined]);
  });

  test("end their pages with whoever leaves them", async () => {
    const pages = new Pages();
    const entries = oneByOne(pages.of([1, 2], [3]));
    for await (const entry of entries) if (entry === 1) break;
    expect(pages).toMatchObject({ asked: 1, ended: true });
    expect(await entries.next()).toEqual({ done: true, value: undefined });
  });

  test("end with a failure of their page, and there is nothing behind it", async () => {
    const pages = new Pages();
    const entries = oneByOne(pages.of(failing(), [3]));
    await entries.next();
    await expect(entries.next()).rejects.toThrow("no second");
    expect(pages.ended).toBe(true);
    expect(await entries.next()).toEqual({ done: true, value: undefined });
  });
});
