// Programs 8 to 10 of the surface: loaders chosen by configuration, kept results, modules as interfaces, and the store by itself.
import { driver, extract, resultStore } from "entrepot/flow";
import { flow } from "./flow.ts";
import { marketingSpend } from "./loaders.ts";
import * as prod from "./prod-loaders.ts";

const drive = driver(flow, { config: { source: "prod" }, results: resultStore({ store: "s3://team/results/" }) });
const { acquisitionCost } = await drive.execute(["acquisitionCost"], {
  inputs: { marketingSpendPath: "s3://bucket/spend.csv" },
});
const values = acquisitionCost.toArray();
console.log(values, await drive.plan(["meanCost"], { inputs: { marketingSpendPath: "x" } }).explain());
// @ts-expect-error not a configuration
driver(flow, { config: { source: "qa" } });
// @ts-expect-error not a node
await drive.execute(["acquisitonCost"], { inputs: { marketingSpendPath: "x" } });
// a frame from a file: its columns are not known to the compiler
void extract(marketingSpend, ["spnd"]);

const swapped = driver(flow.with({ loaders: prod }), { results: "./results" });
const { meanCost } = await swapped.execute(["meanCost"], { inputs: { marketingSpendPath: "s3://bucket/spend" } });
console.log(meanCost);

const results = resultStore({ dir: "./results" });
console.log((await results.clear(["marketingSpend"])).removed, (await results.clear("all")).removed);
for await (const kept of results.list()) console.log(kept.node, kept.entries);
