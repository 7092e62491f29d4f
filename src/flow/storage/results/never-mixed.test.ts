/** What is kept under a key is what that key's code and inputs give, on a good day. */
import { expect, onTestFinished, test } from "vitest";
import { entrepot } from "../../../depot/index.ts";
import { choose, dataflow, each, openDriver, otherwise, when } from "../../core/index.ts";
import { cached } from "./direct.ts";
import { ask, openWorld } from "./world.fixture.ts";

test("a version stands for one of the functions that the configuration chooses from", async () => {
  const { store } = openWorld();
  const keep = <F extends (...given: never[]) => unknown>(fn: F) => cached(fn, { version: 1 });
  const nodes = {
    chosen: choose("kind", { a: keep(() => "a"), b: keep(() => "b") }),
    nested: choose("kind", { a: choose("kind", { a: keep(() => "a") }), b: keep(() => "b") }),
    when__a: when(
      { kind: "a" },
      keep(() => "a"),
    ),
    when__else: otherwise(keep(() => "b")),
    items: each("list", choose("kind", { a: keep((x: number) => `a${x}`), b: keep((x: number) => `b${x}`) })),
  };
  const flow = dataflow({ nodes }).inputs<{ list: number[] }>();
  const run = (kind: string) =>
    openDriver(flow as never, { config: { kind }, results: store.keeper }).execute(
      ["chosen", "nested", "when", "items"] as never,
      { inputs: { list: [1] } } as never,
    );
  expect(await run("a")).toEqual({ chosen: "a", nested: "a", when: "a", items: ["a1"] });
  expect(await run("b")).toEqual({ chosen: "b", nested: "b", when: "b", items: ["b1"] });
  expect(await run("a")).toEqual({ chosen: "a", nested: "a", when: "a", items: ["a1"] });
});

test("a function that is told for which node it runs has a result for each", async () => {
  const { store } = openWorld();
  const told = ({ x }: { x: number }, { node }: { node: string }) => `${node} ${x}`;
  const all = (_: { x: number }, ...rest: { node: string }[]) => rest[0]?.node;
  const item = (x: number, _: object, context?: { node: string }) => `${context?.node} ${x}`;
  const nodes = {
    one: cached(told as (deps: { x: number }) => string),
    other: cached(told as (deps: { x: number }) => string),
    first: cached(all as (deps: { x: number }) => unknown),
    second: cached(all as (deps: { x: number }) => unknown),
    fifth: each("list", cached(item)),
    sixth: each("list", cached(item)),
  };
  const flow = dataflow({ nodes }).inputs<{ x: number; list: number[] }>();
  const names = Object.keys(nodes) as never;
  const found = await openDriver(flow, { results: store.keeper }).execute(names, { inputs: { x: 1, list: [1] } });
  expect(found).toEqual({
    ...{ one: "one 1", other: "other 1", first: "first", second: "second" },
    ...{ fifth: ["fifth 1"], sixth: ["sixth 1"] },
  });
});

test("what was made from a fallback is not kept, and told", async () => {
  const { store, warnings } = openWorld();
  const away = entrepot({
    ...{ cache: false, env: {}, envFile: false, retries: { attempts: 1 } },
    ...{ endpoint: "http://127.0.0.1:9", addressing: "path" },
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  onTestFinished(() => away.close());
  const options = { version: 1 };
  const reading = [
    async () => (await away.readText("s3://b/x", { onError: "ignore" })) ?? "default",
    async () => away.exists("s3://b/x").catch(() => "default"),
    async () =>
      (
        await away
          .list("s3://b/")
          .toArray()
          .catch(() => [])
      ).length,
  ];
  for (const [at, read] of reading.entries()) {
    const node = `node${at}`;
    await ask(store.keeper, read, {}, { ...options, node });
    expect((await ask(store.keeper, read, {}, { ...options, node })).why).toBe("never computed");
  }
  expect(await store.list().toArray()).toEqual([]);
  expect(warnings.map(({ code }) => code)).toEqual(["unreachable", "unreachable", "unreachable"]);
  expect(warnings[0]?.message).toContain("it went on although s3://b/x could not be read (unreachable)");
});

/** Something that is waited for, and a sign that somebody waits. */
function gate() {
  let open = () => {};
  let arrive = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const pass = async () => {
    arrive();
    await opened;
  };
  return { arrived, open, pass: Object.assign(pass, { [Symbol.for("entrepot.fingerprint")]: () => "gate" }) };
}

test("what somebody else computed while this one waited was read by whoever asked for it", async () => {
  const { store, data, dir, another } = openWorld();
  const path = `${dir}/../input.txt`;
  await data.writeText(path, "one");
  const [computing, looking] = [gate(), gate()];
  const inner = (results: typeof store) =>
    cached(
      async function inner() {
        const text = await data.readText(path);
        await computing.pass();
        return text;
      },
      { results, version: 1 },
    );
  const { keeper } = store;
  const waiting = inner({
    ...store,
    keeper: {
      versionOf: (value, name) => keeper.versionOf(value, name),
      watch: (work) => keeper.watch(work),
      recipeOf: (call) => keeper.recipeOf(call),
      peek: (call) => keeper.peek(call),
      find: async (call, signal) => {
        const found = await keeper.find(call, signal);
        await looking.pass();
        return found;
      },
    },
  });
  const outer = cached(
    async function outer() {
      return (await waiting()).toUpperCase();
    },
    { results: store, version: 1 },
  );
  const asked = outer();
  // it has found nothing, and somebody else begins before it does
  await looking.arrived;
  const other = inner(another())();
  await computing.arrived;
  looking.open();
  computing.open();
  expect(await Promise.all([other, asked])).toEqual(["one", "ONE"]);
  expect((await store.list().toArray()).map(({ node, entries }) => [node, entries])).toEqual([
    ["inner", 1],
    ["outer", 1],
  ]);
  await data.writeText(path, "two");
  expect(await outer()).toBe("TWO");
});

test("what changes while a function runs is kept under no key", async () => {
  const { store, warnings } = openWorld();
  let rate = 1;
  const { arrived, open, pass } = gate();
  const scaled = cached(
    async function scaled({ x }: { x: number }) {
      await pass();
      return x * rate;
    },
    { results: store },
  );
  const first = scaled({ x: 2 });
  await arrived;
  rate = 10;
  open();
  expect(await first).toBe(20);
  rate = 1;
  expect(await scaled({ x: 2 })).toBe(2);
  expect(warnings.map(({ message }) => message)).toEqual([
    "what 'scaled' gives is not kept: while it was computed the code changed: `rate` changed",
  ]);
});

test("an argument that is changed while a function runs is kept under no key", async () => {
  const { store, warnings } = openWorld();
  const rows = { values: [3] };
  const { arrived, open, pass } = gate();
  const total = cached(
    async function total(given: typeof rows) {
      await pass();
      return given.values.reduce((a, b) => a + b, 0);
    },
    { results: store, version: 1 },
  );
  const asked = total(rows);
  await arrived;
  rows.values.push(4);
  open();
  expect(await asked).toBe(7);
  expect(await total({ values: [3] })).toBe(3);
  expect(warnings.map(({ message }) => message)).toEqual([
    "what 'total' gives is not kept: while it was computed input `values` changed",
  ]);
});
