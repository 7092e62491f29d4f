// What compiles and what does not: each line below a ts-expect-error has to be refused.
import { type Checked, driver, type FlowProblems } from "entrepot/flow";
import { flow } from "./flow.ts";
import * as prod from "./prod-loaders.ts";
import type { Column } from "./table.ts";

export type Check = Checked<FlowProblems<typeof flow>>;

/** Exactly this type, neither wider nor narrower. */
function exactly<Expected>() {
  return <Given>(value: Given, ..._same: Same<Given, Expected>) => value;
}
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : ["another type", A, B];

const run = driver(flow, { config: { source: "local" } });

const results = await run.execute(["report", "totalWords", "acquisitionCost"], {
  inputs: { marketingSpendPath: "spend.csv", urls: ["a/b/the", "q"] },
});
exactly<{ readonly report: string; readonly totalWords: number; readonly acquisitionCost: Column }>()(results);

// @ts-expect-error the configuration is needed
driver(flow);
// @ts-expect-error no such case
driver(flow, { config: { source: "staging" } });
// @ts-expect-error no such key
driver(flow, { config: { source: "local", regoin: "eu" } });
driver(flow, { config: { source: "local", locale: "de" } });

// @ts-expect-error a misspelt output
await run.execute(["acquisitonCost"], { inputs: { marketingSpendPath: "x" } });
// @ts-expect-error the inputs that the outputs need are needed
await run.execute(["acquisitionCost"]);
// @ts-expect-error urls are needed, too
await run.execute(["acquisitionCost", "totalWords"], { inputs: { marketingSpendPath: "x" } });
// @ts-expect-error these outputs do not need urls
await run.execute(["acquisitionCost"], { inputs: { marketingSpendPath: "x", urls: [] } });
// @ts-expect-error a value of another type
await run.execute(["acquisitionCost"], { inputs: { marketingSpendPath: 3 } });
// @ts-expect-error a misspelt option
await run.execute(["stopWords"], { sginal: new AbortController().signal });
await run.execute(["stopWords"]);

// inputs of the driver hold for every execution
const held = driver(flow, { config: { source: "prod" }, inputs: { marketingSpendPath: "x" } });
await held.execute(["acquisitionCost"]);
await held.execute(["acquisitionCost", "totalWords"], { inputs: { urls: [] } });
// @ts-expect-error an input is given once
await held.execute(["acquisitionCost"], { inputs: { marketingSpendPath: "x" } });
// @ts-expect-error no such input
driver(flow, { config: { source: "prod" }, inputs: { marketingSpendPth: "x" } });

// overrides take away what only they needed
await run.execute(["acquisitionCost"], {
  overrides: { spend: results.acquisitionCost, signups: results.acquisitionCost },
});
await run.execute(["totalWords"], { overrides: { counts: [1] } });
// @ts-expect-error a value of another type
await run.execute(["totalWords"], { overrides: { counts: ["1"] } });
// @ts-expect-error one of the two still needs the path
await run.execute(["acquisitionCost"], { overrides: { spend: results.acquisitionCost } });

// modules as interfaces: what the other module asks for is what is needed
const swapped = driver(flow.with({ loaders: prod }));
await swapped.execute(["acquisitionCost"], { inputs: { urls: [] } });
// @ts-expect-error the other module needs no path
await swapped.execute(["acquisitionCost"], { inputs: { marketingSpendPath: "x" } });
// @ts-expect-error a node is missing
flow.with({ loaders: { marketingSpend: prod.marketingSpend, spend: prod.spend, signups: prod.signups } });
// @ts-expect-error no such module
flow.with({ loader: prod });

const { values } = await run.settle(["totalWords"], { inputs: { urls: [] } });
exactly<number | undefined>()(values.totalWords);
console.log(await run.plan(["report"]).explain(), (await run.plan(["report"])).missing, await run.upstream("report"));
// @ts-expect-error a misspelt node
await run.upstream("reprot");
console.log(run.nodes({ tags: { team: "growth" } }), await run.path("marketingSpendPath", "report"));
