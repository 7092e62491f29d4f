/** `entrepot flow plan`: what a run would do, and why; nothing is run. */

import { EntrepotError } from "../../../error/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printableLines } from "../../escape.ts";
import { checkNodes, flowNote, flowOptions, inputOptions } from "../../flow/flow-options.ts";
import { withFlow } from "../../flow/with-flow.ts";
import { valueNote } from "../../named-values.ts";

export const plan: Command = defineCommand({
  name: "flow plan",
  summary: "what a run would do and why, without doing it",
  synopsis: "[options] <module>... <node>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { ...flowOptions, ...inputOptions },
  notes: [
    flowNote,
    valueNote,
    "run: computed; hit: found in --store; given: by an override; unneeded: only kept results follow from it. Exit code 2 when an input is missing.",
  ],
  examples: [
    { line: "entrepot flow plan nodes.mjs total --input start=2", says: "each step with its reason" },
    {
      line: "entrepot flow plan nodes.mjs total --input start=2 --store ./results",
      says: "and what would be found kept",
    },
  ],
  async run(call, values, operands) {
    await withFlow(call, values, operands, async ({ driver, nodes, inputs }) => {
      checkNodes(driver, nodes);
      const made = await driver.plan(nodes, { inputs: await inputs(), signal: call.signal });
      if (call.output.json) {
        for (const { node, state, why } of made.steps)
          await call.output.tell({ text: () => undefined, json: () => ({ type: "step", node, state, why }) });
        for (const { name, path } of made.missing)
          await call.output.tell({ text: () => undefined, json: () => ({ type: "missing", name, path }) });
      } else await call.output.write(`${printableLines(made.explain())}\n`);
      if (made.missing.length === 0) return;
      const names = made.missing.map(({ name }) => name);
      call.fail(
        new EntrepotError(
          "misconfigured",
          `${names.length === 1 ? "an input is" : "inputs are"} missing: ${names.join(", ")}`,
          {
            hint: `give them: ${names.map((name) => `--input ${name}=…`).join(" ")}`,
          },
        ),
      );
    });
  },
});
