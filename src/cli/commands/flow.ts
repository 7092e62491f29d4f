/** `entrepot flow`: dataflows of plain functions, from the shell. */
import { type Command, defineGroup } from "../command.ts";
import { flowNote } from "../flow/flow-options.ts";
import { graph } from "./flow/graph.ts";
import { list } from "./flow/list.ts";
import { plan } from "./flow/plan.ts";
import { results } from "./flow/results.ts";
import { run } from "./flow/run.ts";
import { why } from "./flow/why.ts";
import { worker } from "./flow/worker.ts";

export const flow: Command = defineGroup({
  name: "flow",
  summary: "dataflows of plain functions: run, plan, draw, keep results",
  actions: [run, plan, graph, list, why, results, worker],
  notes: [flowNote],
  examples: [
    { line: "entrepot flow list nodes.mjs", says: "nodes and inputs" },
    { line: "entrepot flow run nodes.mjs total --input start=2", says: "computes what total needs, and prints it" },
  ],
});
