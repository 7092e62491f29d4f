/** `entrepot flow why`: why the results of a node are what they are, and whether they would be found again. */

import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { checkNodes, flowNote, flowOptions, inputOptions } from "../../flow/flow-options.ts";
import { keptNote, tellWhy } from "../../flow/tell-why.ts";
import { withFlow } from "../../flow/with-flow.ts";
import { valueNote } from "../../named-values.ts";
import { text } from "../../option.ts";
import { UsageError } from "../../usage-error.ts";

export const why: Command = defineCommand({
  name: "flow why",
  summary: "why a node would run or not, and what changed since it was kept",
  synopsis: "[options] --store ADDRESS <module>... <node>...",
  operands: { min: 2, max: Number.POSITIVE_INFINITY },
  options: { ...flowOptions, ...inputOptions, store: text("ADDRESS", "where results are kept") },
  notes: [flowNote, valueNote, keptNote],
  examples: [
    { line: "entrepot flow why nodes.mjs total --input start=2 --store ./results", says: "found, or why not" },
    { line: "entrepot flow why --json nodes.mjs total --input start=2 --store ./results", says: "for programs" },
  ],
  async run(call, values, operands) {
    if (values.store === undefined)
      throw new UsageError("there is no store to ask", "say where results are kept: --store ADDRESS");
    await withFlow(call, values, operands, async ({ driver, nodes, inputs, store }) => {
      checkNodes(driver, nodes);
      const plan = await driver.plan(nodes, { inputs: await inputs(), signal: call.signal });
      for (const node of nodes) {
        const step = plan.steps.find((each) => each.node === node);
        if (step !== undefined)
          await call.output.tell({
            text: () => printable(`${node}: ${step.state}, ${step.why}`),
            json: () => ({ type: "step", node, state: step.state, why: step.why }),
          });
        if (store !== undefined) await tellWhy(call, store, node);
      }
    });
  },
});
