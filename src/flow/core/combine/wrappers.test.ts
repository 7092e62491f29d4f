import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { checked, dataflow, driver, each, node, openDriver, type RunEvent, retry, subflow, timeout } from "../index.ts";

/** A clock whose pauses are over as soon as they begin. */
function quickClock(slept: number[] = []) {
  return {
    now: () => 0,
    random: () => 1,
    sleep: async (ms: number) => {
      slept.push(ms);
    },
  };
}

describe("each", () => {
  const module = {
    stopWords: () => new Set(["the"]),
    counts: each(
      "texts",
      async (text: string, { stopWords }: { stopWords: Set<string> }) =>
        text.split(" ").filter((word) => !stopWords.has(word)).length,
      { limit: 2 },
    ),
    total: ({ counts }: { counts: number[] }) => counts.reduce((sum, count) => sum + count, 0),
  };
  const flow = dataflow({ module }).inputs<{ texts: string[] }>();

  test("runs for every item and gives the list in order; whoever asks for it collects", async () => {
    const texts = ["the end", "a b c", "the"];
    const values = await driver(flow).execute(["counts", "total"], { inputs: { texts } });
    expect(values).toEqual({ counts: [1, 3, 0], total: 4 });
  });

  test("runs no more items at a time than its limit, nor than the concurrency", async () => {
    let running = 0;
    let most = 0;
    const slow = async (item: number) => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return item;
    };
    const items = Array.from({ length: 10 }, (_, at) => at);
    const limited = dataflow({ m: { items, all: each("items", slow, { limit: 3 }) } });
    expect(await driver(limited).execute(["all"])).toEqual({ all: items });
    expect(most).toBe(3);
    most = 0;
    await driver(limited, { concurrency: 1 }).execute(["all"]);
    expect(most).toBe(1);
  });

  test("of what has no items is a mistake that names it", async () => {
    await expect(openDriver(flow, {}).execute(["counts"], { inputs: { texts: 3 } })).rejects.toThrow(
      `each("texts") needs a list`,
    );
  });

  test("may hand the item to a function, or a flow, that asks for it by name", async () => {
    const inner = {
      doubled: ({ value }: { value: number }) => value * 2,
      sum: ({ doubled, offset }: { doubled: number; offset: number }) => doubled + offset,
    };
    const innerFlow = dataflow({ inner }).inputs<{ value: number; offset: number }>();
    const outer = {
      offset: () => 100,
      byName: each("values", ({ value, offset }: { value: number; offset: number }) => value + offset, { as: "value" }),
      byFlow: each("values", subflow(innerFlow, { outputs: ["sum"] }), { as: "value" }),
    };
    const run = driver(dataflow({ outer }).inputs<{ values: number[] }>());
    expect(await run.execute(["byName", "byFlow"], { inputs: { values: [1, 2] } })).toEqual({
      byName: [101, 102],
      byFlow: [{ sum: 102 }, { sum: 104 }],
    });
  });

  test("of a list that another each gives nests", async () => {
    const nested = {
      rows: each("ids", (id: number) => [id, id + 1]),
      sums: each("rows", (row: number[]) => row.reduce((sum, value) => sum + value, 0)),
    };
    const run = driver(dataflow({ nested }).inputs<{ ids: number[] }>());
    expect(await run.execute(["sums"], { inputs: { ids: [1, 5] } })).toEqual({ sums: [3, 11] });
  });
});

describe("a sub-flow", () => {
  const inner = {
    rows: ({ path }: { path: string }) => path.length,
    mean: ({ rows }: { rows: number }) => rows / 2,
    total: ({ rows, scale = 1 }: { rows: number; scale?: number }) => rows * scale,
  };
  const innerFlow = dataflow({ inner }).inputs<{ path: string; scale?: number }>();
  const outer = {
    costs: subflow(innerFlow, { outputs: ["mean", "total"], inputs: { path: "costPath" } }),
    again: subflow(innerFlow, { outputs: ["mean"], inputs: { path: "prefix" } }),
    prefix: () => "ab",
    report: ({ costs, again }: { costs: { mean: number; total: number }; again: { mean: number } }) =>
      `${costs.mean} ${costs.total} ${again.mean}`,
  };
  const run = driver(dataflow({ outer }).inputs<{ costPath: string }>());

  test("is one node that gives an object, and asks the outer flow for what it needs", async () => {
    expect(await run.execute(["report"], { inputs: { costPath: "abcd" } })).toEqual({ report: "2 4 1" });
  });

  test("names its nodes behind its own name, in errors, events and plans", async () => {
    const plan = await run.plan(["report"], { inputs: { costPath: "x" } });
    expect(plan.steps.map(({ node }) => node)).toEqual([
      "costs.rows",
      "costs.mean",
      "costs.total",
      "costs",
      "prefix",
      "again.rows",
      "again.mean",
      "again",
      "report",
    ]);
    await expect(openDriver(dataflow({ outer }), {}).execute(["report"])).rejects.toThrow(
      "'report' needs the input 'costPath', which was not given (report → costs → costs.mean → costs.rows → costPath)",
    );
  });
});

describe("checked", () => {
  test("passes what fits on as the schema makes it, and tells all issues at once otherwise", async () => {
    const schema = z.object({ name: z.string().trim(), age: z.number().min(0) });
    const good = { person: checked(schema, () => ({ name: " Ada ", age: 36 })) };
    expect(await driver(dataflow({ good })).execute(["person"])).toEqual({ person: { name: "Ada", age: 36 } });
    const bad = { person: checked(schema, () => ({ name: 1 as never, age: -1 })) };
    const error = await driver(dataflow({ bad }))
      .execute(["person"])
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "malformed" });
    expect(String(error)).toMatch(/what 'person' gives does not pass its checks:\n {2}name: .*\n {2}age: /);
  });

  test("takes plain functions, makes all of their checks, and may only warn", async () => {
    const events: RunEvent[] = [];
    function isSmall(value: number) {
      return value < 10;
    }
    const checks = [isSmall, (value: number) => value % 2 === 0 || `${value} is odd`];
    const module = { soft: checked(checks, () => 11, { onFailure: "warn" }), hard: checked(checks, () => 11) };
    const run = driver(dataflow({ module }), { onEvent: (event) => events.push(event) });
    expect(await run.execute(["soft"])).toEqual({ soft: 11 });
    expect(events.find(({ type }) => type === "check-warning")).toMatchObject({
      failures: ["isSmall says no", "11 is odd"],
    });
    await expect(run.execute(["hard"])).rejects.toThrow("isSmall says no\n  11 is odd");
  });

  test("checks a direct call, too", async () => {
    await expect(
      checked(
        (value: number) => value > 0,
        () => -1,
      )(),
    ).rejects.toThrow("does not pass its checks");
  });
});

describe("retry and timeout", () => {
  test("tries again after pauses that grow, and tells it", async () => {
    const slept: number[] = [];
    const events: RunEvent[] = [];
    let left = 2;
    const flaky = retry(
      async () => {
        if (left-- > 0) throw new Error("not yet");
        return "there";
      },
      { times: 3, firstDelayMs: 100 },
    );
    const run = driver(dataflow({ module: { flaky } }), {
      clock: quickClock(slept),
      onEvent: (event) => events.push(event),
    });
    expect(await run.execute(["flaky"])).toEqual({ flaky: "there" });
    expect(slept).toEqual([100, 200]);
    expect(events.filter(({ type }) => type === "retry")).toHaveLength(2);
  });

  test("gives up with the last error, and at once where another attempt is worth nothing", async () => {
    const fails = vi.fn(async () => {
      throw Object.assign(new Error("gone"), { retryable: false });
    });
    const flow = dataflow({ module: { a: retry(node([], fails), 5) } });
    await expect(driver(flow, { clock: quickClock() }).execute(["a"])).rejects.toThrow("gone");
    expect(fails).toHaveBeenCalledTimes(1);
  });

  test("a time limit beyond what timers take, or none, ends nothing at once", async () => {
    const soon = () => new Promise<number>((resolve) => setImmediate(() => setImmediate(() => resolve(1))));
    for (const limit of [2 ** 32, Number.POSITIVE_INFINITY]) {
      const run = driver(dataflow({ module: { one: timeout(node([], soon), limit) } }));
      expect(await run.execute(["one"])).toEqual({ one: 1 });
    }
  });

  test("a time limit fails the node with timeout and aborts the signal that it got", async () => {
    let given: AbortSignal | undefined;
    const stuck = (_deps: object, { signal }: { signal: AbortSignal }) => {
      given = signal;
      return new Promise<number>(() => {});
    };
    const flow = dataflow({ module: { stuck: timeout(node([], stuck as unknown as () => Promise<number>), 50) } });
    const error = await driver(flow, { clock: quickClock() })
      .execute(["stuck"])
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "timeout", message: "'stuck' took longer than 50 ms" });
    expect(given?.aborted).toBe(true);
  });

  test("what is in time is not disturbed", async () => {
    expect(await timeout(async () => 1, 10_000)()).toBe(1);
  });
});
