// What the compiler knows of each wrapper.
import {
  cached,
  checked,
  choose,
  dataflow,
  driver,
  each,
  extract,
  from,
  type NodesOf,
  node,
  otherwise,
  parameterize,
  retry,
  subflow,
  tag,
  timeout,
  volatile,
  when,
} from "entrepot/flow";
import * as z from "zod";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : ["another type", A, B];
const exactly =
  <Expected>() =>
  <Given>(value: Given, ..._same: Same<Given, Expected>) =>
    value;

// wrappers keep what a function asks for and gives
const plain = ({ rate }: { rate: number }) => rate * 2;
exactly<(deps: { rate: number }) => number>()(tag(volatile(plain), { team: "growth" }));
await exactly<Promise<number>>()(cached(plain)({ rate: 1 }));
await exactly<Promise<number>>()(cached(tag(volatile(plain), { team: "growth" }))({ rate: 1 }));
await exactly<Promise<number>>()(retry(timeout(plain, 1000), { times: 3 })({ rate: 1 }));

// a schema says what the node gives; the function has to fit it
await exactly<Promise<string>>()(checked(z.number().transform(String), () => 1)());
// @ts-expect-error the function gives no number
checked(z.number(), () => "1");
const isPositive = (value: number) => value > 0;
await exactly<Promise<number>>()(checked(isPositive, () => 1)());
// @ts-expect-error the check is for another type
checked(isPositive, () => "1");

// the names of a node by hand
const named = node(["rate"], ({ rate }: { rate: number }) => `${rate}`);
exactly<string>()(named({ rate: 1 }));
// @ts-expect-error asks for what is not in its list
node(["rate"], ({ rate, base }: { rate: number; base: number }) => rate * base)({ rate: 1 }).toFixed(base);

// fields are those that are there
const table = async () => ({ a: 1, b: "x" });
exactly<{ readonly a: (deps: {}) => number; readonly b: (deps: {}) => string }>()(extract(table, ["a", "b"]));
// @ts-expect-error no such field
extract(table, ["c"]);

// bound names are asked for no more; a source is asked for by its own name
const price = ({ rate, base }: { rate: number; base: string }) => base.repeat(rate);
const bound = parameterize(price, { low: { rate: 1 }, high: { rate: from("peak") } });
bound.low({ base: "x" });
bound.high({ base: "x", peak: 2 });
// @ts-expect-error a rate is a number
parameterize(price, { low: { rate: "1" } });
// @ts-expect-error a source has the type of what it stands for
bound.high({ base: "x", peak: "2" });
// @ts-expect-error a misspelt name
parameterize(price, { low: { rat: 1 } });

// items
const lengths = each("names", (name: string, { unit }: { unit: number }) => name.length * unit);
exactly<number[]>()(await lengths({ names: ["a"], unit: 1 }));
// @ts-expect-error items of another type
await lengths({ names: [1], unit: 1 });
const byName = each("names", ({ name }: { name: string }) => name.length, { as: "name" });
exactly<number[]>()(await byName({ names: ["a"] }));

// variants
const variants = {
  factor__us: when({ region: "us" }, () => 1),
  factor__else: otherwise(() => 2),
  doubled: ({ factor }: { factor: number }) => factor * 2,
};
const doubled = driver(dataflow({ variants }), { config: { region: "us" } });
exactly<{ readonly doubled: number }>()(await doubled.execute(["doubled"]));
// @ts-expect-error no variant asks for this key
driver(dataflow({ variants }), { config: { regoin: "us" } });

// the chosen case decides the type, and what it needs
const chosen = dataflow({
  m: { source: choose("source", { local: ({ path }: { path: string }) => path, none: () => 0 }, { default: "none" }) },
}).inputs<{ path: string }>();
exactly<{ readonly source: number }>()(await driver(chosen).execute(["source"]));
exactly<{ readonly source: string }>()(
  await driver(chosen, { config: { source: "local" } }).execute(["source"], { inputs: { path: "x" } }),
);
// @ts-expect-error the local case needs the path
await driver(chosen, { config: { source: "local" } }).execute(["source"]);
// @ts-expect-error no such case
choose("source", { a: () => 1 }, { default: "b" });

// a flow in a flow
const inner = { rows: ({ path }: { path: string }) => path.length, mean: ({ rows }: { rows: number }) => rows / 2 };
const innerFlow = dataflow({ inner }).inputs<{ path: string; unused: number }>();
const costs = subflow(innerFlow, { outputs: ["mean"], inputs: { path: "costPath" } });
await exactly<Promise<{ readonly mean: number }>>()(costs({ costPath: "x" }));
// @ts-expect-error no such output
subflow(innerFlow, { outputs: ["maen"] });
const outer = dataflow({ outer: { costs, half: ({ costs }: { costs: { mean: number } }) => costs.mean } });
const withInputs = outer.inputs<{ costPath: string }>();
exactly<{ readonly half: number }>()(await driver(withInputs).execute(["half"], { inputs: { costPath: "x" } }));
// @ts-expect-error the inner flow's input is asked of the outer one
await driver(withInputs).execute(["half"]);
// @ts-expect-error nobody gives it
driver(outer);

// what is wrong with the wiring
const wrong = dataflow({ m: { a: () => 1, b: ({ a }: { a: string }) => a } });
// @ts-expect-error b asks for a with another type
driver(wrong);
// @ts-expect-error two nodes of one name
driver(dataflow({ m: { a: () => 1 }, n: { a: () => 1 } }));
export type Universe = NodesOf<typeof wrong>;

// inputs by schema: of all, or of each
const bySchema = dataflow({ m: { size: ({ path }: { path: string }) => path.length } });
const all = driver(bySchema.inputs(z.object({ path: z.string(), rate: z.number() })));
exactly<{ readonly size: number }>()(await all.execute(["size"], { inputs: { path: "x" } }));
const single = driver(bySchema.inputs({ path: z.string(), rate: z.number() }));
exactly<{ readonly size: number }>()(await single.execute(["size"], { inputs: { path: "x" } }));
// @ts-expect-error a value of another type
await single.execute(["size"], { inputs: { path: 1 } });
