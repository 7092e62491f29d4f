import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import type { Behaviour, CachedOptions } from "../index.ts";
import {
  cached,
  checked,
  dataflow,
  driver,
  each,
  extract,
  openDriver,
  parameterize,
  retry,
  volatile,
} from "../index.ts";
import { type MemoryKeeper, memoryKeeper } from "./memory-keeper.fixture.ts";

let results: MemoryKeeper;
let ran: string[];
beforeEach(() => {
  results = memoryKeeper();
  ran = [];
});

async function execute(
  module: object,
  outputs: string[],
  options: object = {},
  behaviours: Record<string, Behaviour> = {},
) {
  ran.length = 0;
  results.log.length = 0;
  return openDriver(dataflow({ module }), { results, behaviours }).execute(outputs, options);
}

const note = (name: string) => ran.push(name);

/** raw (input) -> loaded (kept) -> cleaned (not kept) -> total (kept) -> report */
function story({ clean = (rows: number[]) => rows.filter((row) => row > 0), options = {} as CachedOptions } = {}) {
  return {
    loaded: cached(({ raw }: { raw: string }) => {
      note("loaded");
      return raw.split(",").map(Number);
    }, options),
    cleaned: ({ loaded }: { loaded: number[] }) => {
      note("cleaned");
      return clean(loaded);
    },
    total: cached(({ cleaned }: { cleaned: number[] }) => {
      note("total");
      return cleaned.reduce((sum, row) => sum + row, 0);
    }),
    report: ({ total }: { total: number }) => {
      note("report");
      return `total ${total}`;
    },
  };
}

describe("kept results", () => {
  test("are found by versions alone: what lies before a hit neither runs nor is read", async () => {
    expect(await execute(story(), ["report"], { inputs: { raw: "1,-2,3" } })).toEqual({ report: "total 4" });
    expect(ran).toEqual(["loaded", "cleaned", "total", "report"]);
    expect(await execute(story(), ["report"], { inputs: { raw: "1,-2,3" } })).toEqual({ report: "total 4" });
    expect(ran).toEqual(["report"]);
    expect(results.log).toEqual(["recipe cleaned", "load total"]);
  });

  test("end a change that changes nothing", async () => {
    await execute(story(), ["report"], { inputs: { raw: "1,2" } });
    await execute(story(), ["report"], { inputs: { raw: "1, 2" } });
    // the text is another one, the numbers are the same
    expect(ran).toEqual(["loaded", "report"]);
  });

  test("are computed anew where an input is another one", async () => {
    await execute(story(), ["report"], { inputs: { raw: "1,2" } });
    expect(await execute(story(), ["report"], { inputs: { raw: "1,3" } })).toEqual({ report: "total 4" });
    expect(ran).toEqual(["loaded", "cleaned", "total", "report"]);
  });

  test("that are damaged are computed anew, with all that this needs", async () => {
    await execute(story(), ["report"], { inputs: { raw: "1,2" } });
    results.damage("total");
    results.damage("loaded");
    expect(await execute(story(), ["report"], { inputs: { raw: "1,2" } })).toEqual({ report: "total 3" });
    expect(ran).toEqual(["loaded", "cleaned", "total", "report"]);
    await execute(story(), ["report"], { inputs: { raw: "1,2" } });
    expect(ran).toEqual(["report"]);
  });

  test("of one that several ask for are loaded once", async () => {
    const module = {
      ...story(),
      twice: ({ total, loaded }: { total: number; loaded: number[] }) => total * loaded.length,
    };
    await execute(module, ["report", "twice"], { inputs: { raw: "1,2" } });
    await execute(module, ["report", "twice", "total"], { inputs: { raw: "1,2" } });
    expect(results.log.filter((line) => line.startsWith("load"))).toEqual(["load loaded", "load total"]);
  });
});

describe("behaviours", () => {
  test("recompute: runs and keeps anew; what follows hits where the value is the same", async () => {
    await execute(story(), ["report"], { inputs: { raw: "1,2" } });
    await execute(story(), ["report"], { inputs: { raw: "1,2" } }, { loaded: "recompute" });
    expect(ran).toEqual(["loaded", "report"]);
  });

  test("ignore: what follows is found whatever it gives", async () => {
    await execute(story(), ["report"], { inputs: { raw: "1,2" } }, { loaded: "ignore" });
    await execute(story(), ["report"], { inputs: { raw: "5,6" } }, { loaded: "ignore" });
    expect(ran).toEqual(["report"]);
  });

  test("disable: always runs, and so does all that follows", async () => {
    await execute(story(), ["report"], { inputs: { raw: "1,2" } });
    await execute(story(), ["report"], { inputs: { raw: "1,2" } }, { loaded: "disable" });
    expect(ran).toEqual(["loaded", "cleaned", "total", "report"]);
    expect(results.log.filter((line) => line.startsWith("run"))).toEqual([]);
  });

  test("are said by the code, too", async () => {
    const module = story({ options: { behaviour: "recompute" } });
    await execute(module, ["report"], { inputs: { raw: "1,2" } });
    await execute(module, ["report"], { inputs: { raw: "1,2" } });
    expect(ran).toEqual(["loaded", "report"]);
  });
});

test("a volatile node runs every time, and what follows is found by its value", async () => {
  const values = [1, 1, 2];
  const module = {
    now: volatile(() => {
      note("now");
      return values.shift() ?? 0;
    }),
    rounded: cached(({ now }: { now: number }) => {
      note("rounded");
      return now * 10;
    }),
  };
  expect(await execute(module, ["rounded"])).toEqual({ rounded: 10 });
  expect(await execute(module, ["rounded"])).toEqual({ rounded: 10 });
  expect(ran).toEqual(["now"]);
  expect(await execute(module, ["rounded"])).toEqual({ rounded: 20 });
});

test("an input without a version fails whoever is kept by it, unless it is ignored", async () => {
  const use = ({ client, id }: { client: () => number; id: number }) => client() + id;
  const inputs = { client: () => 1, id: 2 };
  await expect(execute({ kept: cached(use) }, ["kept"], { inputs })).rejects.toMatchObject({
    code: "unsupported",
    message: "client has no version",
  });
  expect(await execute({ kept: cached(use, { ignore: ["client"] }) }, ["kept"], { inputs })).toEqual({ kept: 3 });
  expect(await execute({ plain: use }, ["plain"], { inputs })).toEqual({ plain: 3 });
});

test("what a schema makes of a value counts, and is made again of what was kept", async () => {
  const module = (digits: number) => ({
    text: cached(
      retry(
        checked(
          z.number().transform((value) => value.toFixed(digits)),
          () => 1.25,
        ),
      ),
    ),
    length: cached(({ text }: { text: string }) => {
      note("length");
      return text.length;
    }),
  });
  expect(await execute(module(1), ["text", "length"])).toEqual({ text: "1.3", length: 3 });
  expect(await execute(module(1), ["text", "length"])).toEqual({ text: "1.3", length: 3 });
  expect(ran).toEqual([]);
  // the schema is another one: the code of the function is not
  expect(await execute(module(2), ["text", "length"])).toEqual({ text: "1.25", length: 4 });
});

test("bound values and extracted fields count", async () => {
  const price = cached(({ rate, base }: { rate: number; base: number }) => rate * base);
  const table = cached(() => ({ a: 1, b: 2 }));
  const module = (rate: number) => ({
    base: 10,
    ...parameterize(price, { low: { rate } }),
    table,
    ...extract(table, ["a", "b"]),
    sum: cached(({ a, low }: { a: number; low: number }) => a + low),
    other: cached(({ b, low }: { b: number; low: number }) => b + low),
  });
  expect(await execute(module(2), ["sum", "other"])).toEqual({ sum: 21, other: 22 });
  expect(await execute(module(3), ["sum", "other"])).toEqual({ sum: 31, other: 32 });
  await execute(module(3), ["sum", "other"]);
  expect(results.log.filter((line) => line.startsWith("load"))).toEqual(["load sum", "load other"]);
});

test("items of an each whose function is cached are kept one by one", async () => {
  const module = {
    factor: 2,
    all: each(
      "items",
      cached((item: number, { factor }: { factor: number }) => {
        note(`item ${item}`);
        return item * factor;
      }),
    ),
  };
  expect(await execute(module, ["all"], { inputs: { items: [1, 2] } })).toEqual({ all: [2, 4] });
  expect(await execute(module, ["all"], { inputs: { items: [2, 3] } })).toEqual({ all: [4, 6] });
  expect(ran).toEqual(["item 3"]);
});

test("a whole each that is cached is found without its items", async () => {
  const module = { all: cached(each("items", (item: number) => ran.push(`item ${item}`) && item + 1)) };
  await execute(module, ["all"], { inputs: { items: [1, 2] } });
  expect(await execute(module, ["all"], { inputs: { items: [1, 2] } })).toEqual({ all: [2, 3] });
  expect(ran).toEqual([]);
});

test("failures are settled with kept results, too", async () => {
  const module = {
    bad: cached(() => {
      throw new Error("boom");
    }),
    after: cached(({ bad }: { bad: number }) => bad),
    fine: cached(() => 1),
  };
  const { values, failures, skipped } = await openDriver(dataflow({ module }), { results }).settle(["after", "fine"]);
  expect(values).toEqual({ fine: 1 });
  expect(failures).toEqual([{ node: "bad", error: expect.objectContaining({ message: "boom" }) }]);
  expect(skipped).toEqual([{ node: "after", because: "bad" }]);
});

describe("a plan", () => {
  test("says what would run, what was kept, what nobody needs, and runs nothing", async () => {
    const flow = dataflow({ module: story() }).inputs<{ raw: string }>();
    const run = driver(flow, { results });
    const before = await run.plan(["report"], { inputs: { raw: "1,2" } });
    expect(before.steps.map(({ node, state }) => `${node} ${state}`)).toEqual([
      "loaded run",
      "cleaned run",
      "total run",
      "report run",
    ]);
    expect(before.steps[2]?.why).toBe("not known before 'loaded' has run");
    await run.execute(["report"], { inputs: { raw: "1,2" } });
    ran.length = 0;
    const after = await run.plan(["report"], { inputs: { raw: "1,2" } });
    expect(after.steps.map(({ node, state }) => `${node} ${state}`)).toEqual([
      "loaded hit",
      "cleaned unneeded",
      "total hit",
      "report run",
    ]);
    expect(ran).toEqual([]);
    expect(after.explain()).toBe(
      [
        "outputs  report",
        "inputs   raw",
        "hit      loaded   kept since 1970-01-01T00:00:00.000Z",
        "unneeded cleaned  only results that are kept follow from it",
        "hit      total    kept since 1970-01-01T00:00:00.000Z",
        "run      report   asked for",
        "in all   1 run, 2 hit, 1 unneeded",
      ].join("\n"),
    );
  });

  test("tells what is missing instead of throwing it, and draws it", async () => {
    const run = openDriver(dataflow({ module: story() }), { results });
    const plan = await run.plan(["report"], { overrides: { cleaned: [1] } });
    expect(plan.missing).toEqual([]);
    const missing = await run.plan(["total"]);
    expect(missing.missing).toEqual([{ name: "raw", path: ["total", "cleaned", "loaded", "raw"] }]);
    expect(await run.plan(["total"]).explain()).toContain("missing  raw (total → cleaned → loaded → raw)");
    const picture = await run.plan(["report"], { overrides: { cleaned: [1] } }).picture();
    expect(picture.nodes).toEqual([
      { name: "cleaned", group: "module", kind: "override", state: "given" },
      { name: "total", group: "module", kind: "function", cached: true, state: "run" },
      { name: "report", group: "module", kind: "function", state: "run", isOutput: true },
    ]);
  });
});
