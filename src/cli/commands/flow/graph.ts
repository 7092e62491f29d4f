/** `entrepot flow graph`: a picture of a flow, or of what a request would run. */
import { type Command, defineCommand } from "../../command.ts";
import { drawFlow, pictureFormatOf, pictureFormats, writePicture } from "../../flow/draw-flow.ts";
import { checkNodes, flowNote, flowOptions, inputOptions } from "../../flow/flow-options.ts";
import { withFlow } from "../../flow/with-flow.ts";
import { valueNote } from "../../named-values.ts";
import { choice, text } from "../../option.ts";

export const graph: Command = defineCommand({
  name: "flow graph",
  summary: "a picture of a flow, or of what nodes need",
  synopsis: "[options] <module>... [<node>...]",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    ...flowOptions,
    ...inputOptions,
    as: choice(pictureFormats, "how it is drawn (by the suffix of --out; text)"),
    out: text("ADDRESS", "where it is written (standard output)"),
  },
  notes: [
    flowNote,
    valueNote,
    "Without nodes the whole flow is drawn; with nodes what they need, and with --store what would be found there. svg and html need the package @viz-js/viz; html is one file with zoom and search.",
  ],
  examples: [
    { line: "entrepot flow graph nodes.mjs", says: "as text" },
    { line: "entrepot flow graph nodes.mjs --as mermaid", says: "for a document that draws it itself" },
    { line: "entrepot flow graph nodes.mjs total --as dot --out graph.dot", says: "what total needs" },
  ],
  async run(call, values, operands) {
    // before anything is loaded or asked
    if (values.out !== undefined && values.as === undefined) pictureFormatOf(values.out);
    await withFlow(call, values, operands, async ({ driver, nodes, inputs }) => {
      if (nodes.length > 0) checkNodes(driver, nodes);
      const picture = await (nodes.length === 0
        ? driver.picture()
        : driver.plan(nodes, { inputs: await inputs(), signal: call.signal }).picture());
      if (values.out === undefined)
        return await call.output.write(await drawFlow(picture, values.as ?? "text", call.output.width));
      await call.output.tell(await writePicture(call, picture, values.out, values.as));
    });
  },
});
