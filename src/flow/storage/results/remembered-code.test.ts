/** What is remembered of code from one execution to the next in one process never hides that something changed. */
import { Session } from "node:inspector";
import { expect, onTestFinished, test } from "vitest";
import { dataflow, openDriver } from "../../core/index.ts";
import { cached } from "./direct.ts";
import { openWorld } from "./world.fixture.ts";

/** Executes a node of this function by a new driver, with this store and with one as another program opens it: what each gives. */
async function executing(fn: () => unknown): Promise<() => Promise<readonly unknown[]>> {
  const { store, another } = openWorld();
  const flow = dataflow({ nodes: { total: cached(fn) } }).inputs();
  const execute = async ({ keeper }: typeof store) =>
    (await openDriver(flow, { results: keeper }).execute(["total"])).total;
  return async () => [await execute(store), await execute(another())];
}

test("a captured variable that has another value is a miss, and a hit when it has the first again", async () => {
  let rate = 2;
  const calls: number[] = [];
  const note = Object.assign(() => calls.push(rate), { [Symbol.for("entrepot.fingerprint")]: () => "note" });
  const total = await executing(() => {
    note();
    return 10 * rate;
  });
  expect(await total()).toEqual([20, 20]);
  rate = 3;
  expect(await total()).toEqual([30, 30]);
  rate = 2;
  expect(await total()).toEqual([20, 20]);
  expect(calls).toEqual([2, 3]);
});

test("a captured object that was changed in place is a miss, however deep", async () => {
  const rates = { eur: { today: [1, 2] } };
  const total = await executing(() => rates.eur.today.reduce((sum, rate) => sum + rate, 0));
  expect(await total()).toEqual([3, 3]);
  rates.eur.today[1] = 5;
  expect(await total()).toEqual([6, 6]);
  rates.eur.today.push(4);
  expect(await total()).toEqual([10, 10]);
});

test("a helper in whose place another was put is a miss, also where it is a method or a helper's helper", async () => {
  let inner = (x: number) => x + 1;
  const helper = (x: number) => inner(x) * 2;
  const methods = { scaled: (x: number) => x * 10 };
  const total = await executing(() => methods.scaled(helper(1)));
  expect(await total()).toEqual([40, 40]);
  inner = (x: number) => x + 2;
  expect(await total()).toEqual([60, 60]);
  methods.scaled = (x: number) => x * 100;
  expect(await total()).toEqual([600, 600]);
});

test("functions of one text that close over different values have results of their own", async () => {
  const { store, another } = openWorld();
  const made = (rate: number) => () => 10 * rate;
  const nodes = { one: cached(made(1)), two: cached(made(2)) };
  const flow = dataflow({ nodes }).inputs();
  for (const { keeper } of [store, store, another()])
    expect(await openDriver(flow, { results: keeper }).execute(["one", "two"])).toEqual({ one: 10, two: 20 });
});

test("a function that a debugger gives another text is a miss, though it is the same function", async () => {
  const text = (by: number) => `export function scaled(x) { return x * ${by}; } // ${import.meta.url}`;
  const url = `data:text/javascript,${text(2)}`;
  const { scaled } = (await import(url)) as { scaled: (x: number) => number };
  const total = await executing(() => scaled(10));
  expect(await total()).toEqual([20, 20]);
  edit(url, text(3));
  expect(await total()).toEqual([30, 30]);
});

/** As an editor does while a program is stopped or runs. */
function edit(url: string, scriptSource: string): void {
  const session = new Session();
  session.connect();
  onTestFinished(() => session.disconnect());
  const scripts = new Map<string, string>();
  session.on("Debugger.scriptParsed", ({ params }) => void scripts.set(params.url, params.scriptId));
  session.post("Debugger.enable");
  const scriptId = scripts.get(url) ?? "";
  session.post("Debugger.setScriptSource", { scriptId, scriptSource }, (error) => expect(error).toBeNull());
}
