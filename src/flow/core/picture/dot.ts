/** A dataflow in Graphviz' language. Names of nodes are texts only, never identifiers, so that none can break out of its place. */
import type { PictureGraph, PictureNode } from "../picture-graph.ts";
import { byGroup, shortened, wordsOf } from "./words.ts";

/** The longest name that is shown whole, characters. */
const mostName = 60;

const shapes: Readonly<Record<PictureNode["kind"], string>> = {
  function: "box",
  input: "oval",
  constant: "note",
  choice: "component",
  each: "box3d",
  override: "house",
};

/** Text for `dot`: modules are clusters, edges go from what is asked for to who asks. */
export function toDot(graph: PictureGraph): string {
  const ids = new Map(graph.nodes.map(({ name }, index) => [name, `n${index}`]));
  const lines = ["digraph {"];
  lines.push('  graph [rankdir="LR" bgcolor="transparent" fontname="Helvetica" ranksep="0.45" nodesep="0.18"];');
  lines.push(
    '  node [shape="box" style="rounded,filled" fillcolor="white" fontname="Helvetica" fontsize="12" margin="0.18,0.08"];',
  );
  lines.push('  edge [arrowsize="0.7" color="gray40"];');
  if (graph.title !== undefined) lines.push(`  label=${quoted(graph.title)}; labelloc="t";`);
  let cluster = 0;
  for (const [group, nodes] of byGroup(graph.nodes)) {
    const inner = nodes.map((node) => `${ids.get(node.name)} ${attributes(node, ids.get(node.name) ?? "")};`);
    if (group === undefined) lines.push(...inner.map((line) => `  ${line}`));
    else
      lines.push(
        `  subgraph cluster_${cluster++} {`,
        `    label=${quoted(group)}; style="rounded"; color="gray70";`,
        ...inner.map((line) => `    ${line}`),
        "  }",
      );
  }
  let edge = 0;
  for (const { from, to, optional } of graph.edges) {
    const [start, end] = [ids.get(from), ids.get(to)];
    if (start === undefined || end === undefined) continue;
    const dashed = optional === true ? ' style="dashed" class="optional"' : "";
    lines.push(`  ${start} -> ${end} [id="e${edge++}"${dashed}];`);
  }
  return `${[...lines, "}"].join("\n")}\n`;
}

/** `id` is what the element of the drawing is called, too. */
function attributes(node: PictureNode, id: string): string {
  const { kind, state, cached, isOutput, notes = [] } = node;
  const label = [shortened(node.name, mostName), ...wordsOf(node)];
  const all: Record<string, string> = {
    id,
    label: label.map(escaped).join("\\n"),
    shape: cached === true && kind === "function" ? "cylinder" : shapes[kind],
    class: [kind, state, cached === true && "cached", isOutput === true && "output"].filter(Boolean).join(" "),
    tooltip: [node.name, ...notes].map((note) => escaped(shortened(note, 400))).join("\\n"),
  };
  if (kind === "function" && cached !== true) all["style"] = "rounded,filled";
  else all["style"] = "filled";
  if (state === "unneeded") all["style"] += ",dashed";
  if (state === "run" || state === "failed") all["penwidth"] = "2";
  if (isOutput === true) all["peripheries"] = "2";
  const text = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
  return `[${text.join(" ")}]`;
}

const quoted = (text: string) => `"${escaped(shortened(text, mostName * 2))}"`;

/** A backslash begins an escape of Graphviz' own, such as the name of the graph. */
function escaped(text: string): string {
  return text.replace(/[\\"]/g, "\\$&");
}
