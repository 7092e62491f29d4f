// A model of PWBM: a run of a policy on the cloud, or local paths when no ids are given.
import { entrepot } from "entrepot";
import { currentRun, openRunStore } from "entrepot/runs";
import * as z from "zod";

const data = entrepot();
const run = await currentRun(data, {
  options: z.object({ firstYear: z.number() }),
  local: { outputUri: "Model/interfaces/2024-01-01 test/", filesDir: "./parameters" },
});
const first: number = run.options.firstYear;
const parameters = run.files.rows("parameters.csv");
await run.files.saveTo("local/path");
await data.writeJson(run.output("result.json"), { order: run.stackingOrder, first, rows: parameters.length });
const plain = await currentRun(data);
const order: readonly string[] = plain.stackingOrder;
const other = plain.options["sampleRate"];
// @ts-expect-error not in the schema
run.options.lastYear;
// @ts-expect-error no such option
await currentRun(data, { runid: "r1" });

await using store = await openRunStore(data, { url: process.env["RUNS_URL"] });
const { id } = await store.runs.create({
  model: "dynamic",
  policies: ["baseline", "p1"],
  baselineFirst: true,
  retries: 3,
});
for await (const event of store.watch(id, { signal: AbortSignal.timeout(3_600_000) }))
  if (event.type === "failed") console.error(event.policyId, event.error);
  else if (event.type === "log") console.log(event.line);
// @ts-expect-error a run without a model
await store.runs.create({ policies: [] });
console.log(order, other);
