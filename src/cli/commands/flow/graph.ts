/** `entrepot flow graph`: a picture of a flow, or of what a request would run. */
import type { PictureGraph } from "../../../flow/core/index.ts";
import { toDot, toHtml, toMermaid, toSvg, toText } from "../../../flow/core/index.ts";
import { type Call, type Command, defineCommand } from "../../command.ts";
import { checkNodes, flowNote, flowOptions, inputOptions, valueNote } from "../../flow/flow-options.ts";
import { withFlow } from "../../flow/with-flow.ts";
import { choice, text } from "../../option.ts";

const formats = ["text", "dot", "mermaid", "svg", "html"] as const;
type Format = (typeof formats)[number];
const bySuffix: Readonly<Record<string, Format>> = {
  dot: "dot",
  gv: "dot",
  mmd: "mermaid",
  svg: "svg",
  html: "html",
  txt: "text",
};

export const graph: Command = defineCommand({
  name: "flow graph",
  summary: "a picture of a flow, or of what nodes need",
  synopsis: "[options] <module>... [<node>...]",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    ...flowOptions,
    ...inputOptions,
    as: choice(formats, "how it is drawn (by the suffix of --out; text)"),
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
    await withFlow(call, values, operands, async ({ driver, nodes, inputs }) => {
      if (nodes.length > 0) checkNodes(driver, nodes);
      const picture = await (nodes.length === 0
        ? driver.picture()
        : driver.plan(nodes, { inputs: await inputs(), signal: call.signal }).picture());
      const suffix = values.out?.slice(values.out.lastIndexOf(".") + 1).toLowerCase() ?? "";
      const drawn = await draw(call, picture, values.as ?? bySuffix[suffix] ?? "text", values.out === undefined);
      if (values.out === undefined) return await call.output.write(drawn);
      const { uri } = await (await call.depot()).writeText(values.out, drawn);
      await call.output.tell({
        text: () => `drawn to ${call.output.show(uri)}`,
        json: () => ({ type: "picture", uri }),
      });
    });
  },
});

async function draw(call: Call, picture: PictureGraph, format: Format, isShown: boolean): Promise<string> {
  switch (format) {
    case "dot":
      return toDot(picture);
    case "mermaid":
      return toMermaid(picture);
    case "svg":
      return toSvg(picture);
    case "html":
      return toHtml(picture);
    default: {
      const { width } = call.output;
      const isTerminal = isShown && width !== undefined;
      return toText(picture, { columns: isTerminal ? width : 120, colours: isTerminal });
    }
  }
}
