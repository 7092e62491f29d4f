/** A model in TypeScript: the same program on a laptop (`npx tsx examples/runs/model.ts`) and as a task of a run. */
import { entrepot } from "entrepot";
import { currentRun } from "entrepot/runs";
import * as z from "zod";

const data = entrepot();
const run = await currentRun(data, {
  options: z.object({ first_year: z.number(), last_year: z.number() }),
  local: { dir: new URL("local/", import.meta.url) },
});

const parameters = new Map(run.files.rows("parameters.csv").map(([name = "", value = ""]) => [name, value]));
const growth = Number(parameters.get("growth"));
const { first_year: firstYear, last_year: lastYear } = run.options;

const years: [number, number][] = [];
let output = Number(parameters.get("output"));
for (let year = firstYear; year <= lastYear; year += 1) {
  output *= 1 + growth;
  years.push([year, Math.round(output * 100) / 100]);
  run.log(`year ${year}`);
  run.progress((year - firstYear + 1) / (lastYear - firstYear + 1), `year ${year}`);
}

await data.writeCsv(run.output("years.csv"), [["year", "output"], ...years]);
await data.writeJson(run.output("summary.json"), {
  policy: run.policyId,
  baseline: run.baseline,
  last: years.at(-1)?.[1] ?? null,
});

// beside the outputs then lies what was read and written
await run.close();
await data.close();
