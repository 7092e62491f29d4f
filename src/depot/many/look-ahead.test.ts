import { describe, expect, test } from "vitest";
import { MemoryBudget } from "../memory-budget.ts";
import { lookAhead, type Slot } from "./look-ahead.ts";

/** Jobs that end when the test says so. */
class Stage {
  readonly begun: number[] = [];
  readonly slots = new Map<number, Slot>();
  readonly aborted: number[] = [];
  readonly memory = new MemoryBudget();
  asked = 0;
  returned = false;
  readonly #finish = new Map<number, (result: number) => void>();

  open(
    sizes: readonly number[],
    { objects = 4, inFlight = 4, memoryBytes = 1_000, signal = new AbortController().signal } = {},
  ) {
    const stage = this;
    async function* jobs() {
      try {
        for (const [job] of sizes.entries()) {
          stage.asked += 1;
          yield job;
        }
      } finally {
        stage.returned = true;
      }
    }
    const { memory } = this;
    return lookAhead<number, number>(jobs(), {
      size: (job) => sizes[job] ?? 0,
      begin: (job, slot) => {
        this.begun.push(job);
        this.slots.set(job, slot);
        const result = new Promise<number>((resolve) => {
          this.#finish.set(job, resolve);
          slot.signal.addEventListener("abort", () => {
            this.aborted.push(job);
            resolve(-1);
          });
        });
        return { result, ended: result };
      },
      objects,
      inFlight,
      memory,
      memoryBytes,
      signal,
    });
  }

  finish(...jobs: readonly number[]): void {
    for (const job of jobs) this.#finish.get(job)?.(job);
  }
}

/** Lets everything happen that can happen by itself. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("looking ahead", () => {
  test("gives results in the order of the jobs, whichever ends first", async () => {
    const stage = new Stage();
    const found: number[] = [];
    const reading = (async () => {
      for await (const result of stage.open([1, 1, 1, 1])) found.push(result);
    })();
    await settled();
    stage.finish(3, 1, 2);
    await settled();
    expect([stage.begun, found]).toEqual([[0, 1, 2, 3], []]);
    stage.finish(0);
    await reading;
    expect(found).toEqual([0, 1, 2, 3]);
  });

  test("a slow first job stops none of those in the window, and none beyond it is begun", async () => {
    const stage = new Stage();
    const results = stage.open(
      Array.from({ length: 100 }, () => 1),
      { objects: 5, inFlight: 5 },
    );
    const first = results.next();
    await settled();
    stage.finish(1, 2, 3, 4);
    await settled();
    expect(stage.begun).toEqual([0, 1, 2, 3, 4]);
    stage.finish(0);
    expect(await first).toEqual({ value: 0, done: false });
    expect((await results.next()).value).toBe(1);
    await settled();
    expect(stage.begun).toEqual([0, 1, 2, 3, 4, 5]);
    await results.return(undefined);
  });

  test("no more are under way than may be, however many may be held", async () => {
    const stage = new Stage();
    const results = stage.open([1, 1, 1, 1, 1, 1], { objects: 6, inFlight: 2 });
    const first = results.next();
    await settled();
    expect(stage.begun).toEqual([0, 1]);
    stage.finish(1);
    await settled();
    expect(stage.begun).toEqual([0, 1, 2]);
    stage.finish(0, 2);
    expect((await first).value).toBe(0);
    await results.return(undefined);
  });

  test("holds no more bytes than it may, but for the one that is waited for", async () => {
    const stage = new Stage();
    const results = stage.open([5_000, 600, 300, 300], { objects: 4 });
    const first = results.next();
    await settled();
    // far too large, and the first: it is begun; nothing else fits beside it
    expect([stage.begun, stage.memory.usedBytes]).toEqual([[0], 5_000]);
    stage.finish(0);
    expect((await first).value).toBe(0);
    const second = results.next();
    await settled();
    expect([stage.begun, stage.memory.usedBytes]).toEqual([[0, 1, 2], 900]);
    stage.finish(1, 2);
    expect((await second).value).toBe(1);
    await results.return(undefined);
    expect(stage.memory.usedBytes).toBe(0);
  });

  test("a job that turns out larger waits until it fits, or until it is the one that is waited for", async () => {
    const stage = new Stage();
    const results = stage.open([100, 100, 100], { objects: 3 });
    const first = results.next();
    await settled();
    const held: string[] = [];
    void stage.slots
      .get(1)
      ?.hold(950)
      ?.then(() => held.push("second"));
    expect(stage.slots.get(2)?.hold(800)).toBeUndefined();
    expect(stage.slots.get(2)?.tryHold(5_000)).toBe(false);
    await settled();
    expect(held).toEqual([]);
    stage.finish(0);
    await first;
    const second = results.next();
    await settled();
    expect([held, stage.memory.usedBytes]).toEqual([["second"], 1_750]);
    stage.finish(1, 2);
    await second;
    await results.return(undefined);
    expect(stage.memory.usedBytes).toBe(0);
  });

  test("leaving the loop aborts what is under way, and asks for no more", async () => {
    const stage = new Stage();
    const results = stage.open([1, 1, 1, 1, 1, 1, 1, 1], { objects: 3 });
    const first = results.next();
    await settled();
    stage.finish(0);
    await first;
    await results.return(undefined);
    await settled();
    expect([stage.aborted, stage.begun, stage.returned]).toEqual([[0, 1, 2], [0, 1, 2], true]);
  });

  test("an abort rejects with its reason, also while a job hangs", async () => {
    const stage = new Stage();
    const control = new AbortController();
    const first = stage.open([1, 1], { signal: control.signal }).next();
    await settled();
    control.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    expect(stage.aborted).toEqual([0, 1]);
  });

  test("a failure of the source comes after what it gave before", async () => {
    const stage = new Stage();
    async function* jobs() {
      yield 0;
      throw new Error("the listing broke");
    }
    const { memory } = stage;
    const results = lookAhead<number, number>(jobs(), {
      size: () => 1,
      begin: (job) => ({ result: Promise.resolve(job), ended: Promise.resolve() }),
      objects: 4,
      inFlight: 4,
      memory,
      memoryBytes: 10,
      signal: new AbortController().signal,
    });
    expect(await results.next()).toEqual({ value: 0, done: false });
    await expect(results.next()).rejects.toThrow("the listing broke");
  });
});
