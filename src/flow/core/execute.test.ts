import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test, vi } from "vitest";
import { dataflow, driver, node, openDriver, type RunEvent } from "./index.ts";

const nodes = {
  spend: ({ path }: { path: string }) => [10, 20, path.length],
  signups: async () => [1, 2, 4],
  acquisitionCost: ({ spend, signups }: { spend: number[]; signups: number[] }) =>
    spend.map((each, at) => each / (signups[at] ?? 1)),
  unasked: () => {
    throw new Error("nobody asked for this");
  },
};
const flow = dataflow({ nodes }).inputs<{ path: string }>();

describe("an execution", () => {
  test("runs what is asked for and nothing else, and gives exactly that", async () => {
    const values = await driver(flow).execute(["acquisitionCost"], { inputs: { path: "abcd" } });
    expect(values).toEqual({ acquisitionCost: [10, 10, 1] });
  });

  test("runs each node once, however many ask for it", async () => {
    const source = vi.fn(() => 1);
    const diamond = {
      source: node([], source),
      left: ({ source }: { source: number }) => source + 1,
      right: ({ source }: { source: number }) => source + 2,
      both: ({ left, right }: { left: number; right: number }) => left + right,
    };
    expect(await driver(dataflow({ diamond })).execute(["both", "left"])).toEqual({ both: 5, left: 2 });
    expect(source).toHaveBeenCalledTimes(1);
  });

  test("hands what is asked for over in an object like any other", async () => {
    const seen = node(["a", "b"], (deps: { a: number; b: number }) => [Object.getPrototypeOf(deps), Object.keys(deps)]);
    const { seen: found } = await openDriver(dataflow({ nodes: { a: 1, b: 2, seen } }), {}).execute(["seen"]);
    expect(found).toEqual([Object.prototype, ["a", "b"]]);
    expect((found as unknown[])[0]).toBe(Object.prototype);
  });

  test("lets nodes wait for a slot in the order in which they could run", async () => {
    const order: string[] = [];
    const modules = {
      first: async () => order.push("first"),
      second: () => order.push("second"),
      third: () => order.push("third"),
      sum: ({ first, second, third }: { first: number; second: number; third: number }) => first + second + third,
    };
    expect(await driver(dataflow({ modules }), { concurrency: 1 }).execute(["sum"])).toEqual({ sum: 6 });
    expect(order).toEqual(["first", "second", "third"]);
  });

  test("takes exported constants for nodes, and leaves private names alone", async () => {
    const module = { currency: "EUR", _hidden: 1, said: ({ currency }: { currency: string }) => currency };
    const run = driver(dataflow({ module }));
    expect(await run.execute(["said", "currency"])).toEqual({ said: "EUR", currency: "EUR" });
    expect(run.nodes().map(({ name }) => name)).toEqual(["currency", "said"]);
  });

  test("runs no more nodes at a time than its concurrency", async () => {
    let running = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    };
    const module = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`n${at}`, node([], slow)]));
    await driver(dataflow({ module }), { concurrency: 3 }).execute(Object.keys(module));
    expect(most).toBe(3);
  });

  test("lets a value go when nobody will ask for it any more", async () => {
    setFlagsFromString("--expose_gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const collected: string[] = [];
    const registry = new FinalizationRegistry<string>((name) => collected.push(name));
    const module = {
      large: () => {
        const value = { bytes: new Uint8Array(1 << 20) };
        registry.register(value, "large");
        return value;
      },
      length: ({ large }: { large: { bytes: Uint8Array } }) => large.bytes.length,
      end: async ({ length }: { length: number }) => {
        for (let round = 0; round < 50 && collected.length === 0; round++) {
          collectGarbage();
          await new Promise(setImmediate);
        }
        return length;
      },
    };
    await driver(dataflow({ module })).execute(["end"]);
    expect(collected).toEqual(["large"]);
  });

  test("of a chain of 10,000 nodes takes no deep stack, kept results or not", async () => {
    const chain: Record<string, unknown> = { n0: () => 0 };
    for (let at = 1; at < 10_000; at++)
      chain[`n${at}`] = node([`n${at - 1}`], (deps: Record<string, number>) => (deps[`n${at - 1}`] ?? 0) + 1);
    const run = openDriver(dataflow({ chain }), {});
    expect(await run.execute(["n9999"])).toEqual({ n9999: 9999 });
    expect((await run.upstream("n9999")).length).toBe(9999);
  });
});

describe("what is not given", () => {
  const needy = dataflow({
    module: {
      a: ({ first, second }: { first: number; second: number }) => first + second,
      b: ({ a, third }: { a: number; third: number }) => a + third,
    },
  });

  test("is told in one error, each name with the way to it and the one that was probably meant", async () => {
    const run = openDriver(needy, {});
    await expect(run.execute(["b"], { inputs: { secnd: 1 } })).rejects.toThrow(
      "'b' needs the input 'first', which was not given (b → a → first)\n" +
        "'b' needs the input 'second', which was not given (b → a → second); did you mean 'secnd'?\n" +
        "'b' needs the input 'third', which was not given (b → third)",
    );
  });

  test("may be left out where the function has a default", async () => {
    const module = { digits: ({ count = 2 }: { count?: number }) => count };
    const run = driver(dataflow({ module }).inputs<{ count?: number }>());
    expect(await run.execute(["digits"])).toEqual({ digits: 2 });
    expect(await run.execute(["digits"], { inputs: { count: 3 } })).toEqual({ digits: 3 });
  });

  test("an output that is none is named with the one that was meant", async () => {
    await expect(openDriver(flow, {}).execute(["acquisitonCost"])).rejects.toThrow(
      "the flow has no node 'acquisitonCost': did you mean 'acquisitionCost'?",
    );
  });

  test("a cycle is printed", async () => {
    const module = {
      a: ({ c }: { c: number }) => c,
      b: ({ a }: { a: number }) => a,
      c: ({ b }: { b: number }) => b,
    };
    await expect(openDriver(dataflow({ module }), {}).execute(["a"])).rejects.toThrow(
      "the flow has a cycle: a → c → b → a",
    );
  });
});

describe("what is given", () => {
  test("to the driver holds for every execution and may not be repeated", async () => {
    const run = openDriver(flow, { inputs: { path: "abcd" } });
    expect(await run.execute(["spend"])).toEqual({ spend: [10, 20, 4] });
    await expect(run.execute(["spend"], { inputs: { path: "x" } })).rejects.toThrow("the driver holds 'path'");
  });

  test("as an override stands for a node, which does not run, nor what it alone needs", async () => {
    const values = await driver(flow).execute(["acquisitionCost"], { overrides: { spend: [8] } });
    expect(values).toEqual({ acquisitionCost: [8] });
  });

  test("as an override of no node is a mistake", async () => {
    await expect(openDriver(flow, {}).execute(["signups"], { overrides: { spendd: 1 } })).rejects.toThrow(
      "did you mean 'spend'?",
    );
  });

  test("as configuration may be asked for by nodes", async () => {
    const module = { said: ({ region }: { region: string }) => region };
    const run = driver(dataflow({ module }).config<{ region: string }>(), { config: { region: "eu" } });
    expect(await run.execute(["said"])).toEqual({ said: "eu" });
  });

  test("a misspelt option is named", () => {
    expect(() => openDriver(flow, { concurency: 2 } as never)).toThrow(
      'driver() has no option "concurency": did you mean concurrency?',
    );
  });
});

describe("a node that fails", () => {
  const module = {
    good: () => 1,
    bad: () => {
      throw new Error("boom");
    },
    after: ({ bad }: { bad: number }) => bad,
    both: ({ good, after }: { good: number; after: number }) => good + after,
  };

  test("fails the execution with its own error", async () => {
    await expect(driver(dataflow({ module })).execute(["both"])).rejects.toThrow("boom");
  });

  test("is reported where failures are settled, with all that needs it; the rest goes on", async () => {
    const { values, failures, skipped } = await driver(dataflow({ module })).settle(["good", "both"]);
    expect(values).toEqual({ good: 1 });
    expect(failures).toEqual([{ node: "bad", error: expect.objectContaining({ message: "boom" }) }]);
    expect(skipped).toEqual([
      { node: "after", because: "bad" },
      { node: "both", because: "bad" },
    ]);
  });

  test("ends what still runs: its signal is aborted", async () => {
    const ended: unknown[] = [];
    const racing = {
      waits: (_: object, { signal }: { signal: AbortSignal }) =>
        new Promise((resolve) => signal.addEventListener("abort", () => resolve(ended.push("ended")))),
      fails: async () => {
        await new Promise(setImmediate);
        throw new Error("boom");
      },
    };
    const flow = dataflow({
      racing: { waits: node([], racing.waits as unknown as () => number), fails: racing.fails },
    });
    await expect(driver(flow).execute(["waits", "fails"])).rejects.toThrow("boom");
    expect(ended).toEqual(["ended"]);
  });
});

test("an abort rejects with its reason, and no node begins after it", async () => {
  const stop = new AbortController();
  const after = vi.fn(() => 1);
  const module = {
    first: async () => stop.abort(new Error("enough")),
    // biome-ignore lint/suspicious/noConfusingVoidType: what the node before gives
    second: node(["first"], after as (deps: { first: void }) => number),
  };
  await expect(driver(dataflow({ module })).execute(["second"], { signal: stop.signal })).rejects.toThrow("enough");
  expect(after).not.toHaveBeenCalled();
});

test("events tell what happens, of one execution under one name", async () => {
  const events: RunEvent[] = [];
  const run = driver(flow, { onEvent: (event) => events.push(event) });
  await run.execute(["signups"]);
  expect(events.map(({ type }) => type)).toEqual(["run-start", "node-start", "node-end", "run-end"]);
  expect(new Set(events.map((event) => event.run)).size).toBe(1);
  expect(events.at(-1)).toMatchObject({ ran: 1, hits: 0, failed: 0 });
});

test("what is around a node sees it run, and may stand in its way", async () => {
  const seen: string[] = [];
  const run = driver(flow, {
    around: async ({ name, module }, next) => {
      seen.push(`${module}.${name}`);
      if (name === "spend") throw new Error("not today");
      return next();
    },
  });
  await expect(run.execute(["spend"], { inputs: { path: "x" } })).rejects.toThrow("not today");
  expect(await run.execute(["signups"])).toEqual({ signups: [1, 2, 4] });
  expect(seen).toEqual(["nodes.spend", "nodes.signups"]);
});

test("an input that is called like a member of every object is missing all the same", async () => {
  const module = { made: ({ constructor: given }: { constructor: number }) => given };
  const run = openDriver(dataflow({ module }), {});
  await expect(run.execute(["made"])).rejects.toThrow("constructor");
  expect(await run.execute(["made"], { inputs: { constructor: 3 } })).toEqual({ made: 3 });
});
