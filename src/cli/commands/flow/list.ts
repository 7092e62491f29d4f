/** `entrepot flow list`: the nodes of a flow. */
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { flowNote, flowOptions, openFlow, splitOperands } from "../../flow/flow-options.ts";
import { valueNote } from "../../named-values.ts";
import { text } from "../../option.ts";
import { UsageError } from "../../usage-error.ts";

export const list: Command = defineCommand({
  name: "flow list",
  summary: "the nodes of a flow, with what they ask for",
  synopsis: "[options] <module>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: { ...flowOptions, module: text("NAME", "only the nodes of this module") },
  settings: "none",
  notes: [flowNote, valueNote, "Without --config a node that is chosen by it is shown with all its variants."],
  examples: [
    { line: "entrepot flow list nodes.mjs", says: "one node a line" },
    { line: "entrepot flow list --json nodes.mjs", says: "for programs" },
  ],
  async run(call, values, operands) {
    const { files, nodes } = splitOperands(operands);
    if (nodes.length > 0)
      throw new UsageError(`${nodes[0]} is no file of a module`, "entrepot flow plan tells of one node");
    const { driver } = await openFlow(files, values);
    const { nodes: drawn, edges } = await driver.picture();
    const infos = new Map(driver.nodes().map((info) => [info.name, info]));
    const asks = new Map<string, string[]>();
    for (const { from, to } of edges) asks.set(to, [...(asks.get(to) ?? []), from]);
    for (const { name, kind, group } of drawn) {
      const info = infos.get(name);
      if (values.module !== undefined && (group ?? info?.module) !== values.module) continue;
      const { isCached = false, variants, variant, tags = {} } = info ?? {};
      const asked = asks.get(name) ?? [];
      await call.output.tell({
        text: () => {
          const words = [
            kind === "function" || kind === "choice" ? undefined : kind,
            variants === undefined
              ? undefined
              : variants.map((each) => (each === variant ? `*${each}` : each)).join("|"),
            isCached ? "cached" : undefined,
          ].filter((word) => word !== undefined);
          const said = words.length === 0 ? "" : ` (${words.join("; ")})`;
          return printable(`${name}${said}${asked.length === 0 ? "" : ` <- ${asked.join(", ")}`}`);
        },
        json: () => ({
          type: "node",
          name,
          kind,
          module: group ?? null,
          asks: asked,
          variants: variants ?? [],
          variant: variant ?? null,
          isCached,
          tags,
        }),
      });
    }
  },
});
