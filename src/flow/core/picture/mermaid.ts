/** A dataflow in Mermaid's language, for documents that draw it themselves. Names are texts only, written as character codes where they could mean something. */
import type { PictureGraph, PictureNode } from "../picture-graph.ts";
import { byGroup, shortened, wordsOf } from "./words.ts";

const mostName = 60;

/** What is around the text of each kind: a shape of its own. */
const frames: Readonly<Record<PictureNode["kind"], readonly [string, string]>> = {
  function: ["(", ")"],
  input: ["([", "])"],
  constant: ["[", "]"],
  choice: ["{{", "}}"],
  each: ["[[", "]]"],
  override: [">", "]"],
};

const classes = {
  run: "stroke-width:2px",
  hit: "fill:#d9ead3,stroke:#4a7a3a,color:#1c1e21",
  failed: "fill:#f4cccc,stroke:#a61c1c,stroke-width:2px,color:#1c1e21",
  unneeded: "stroke-dasharray:4 3,opacity:0.55",
  given: "fill:#fff2cc,stroke:#8a6d00,color:#1c1e21",
} as const;

/** Text for Mermaid's `flowchart`: modules are subgraphs, edges go from what is asked for to who asks. */
export function toMermaid(graph: PictureGraph): string {
  const ids = new Map(graph.nodes.map(({ name }, index) => [name, `n${index}`]));
  const lines: string[] = [];
  if (graph.title !== undefined) lines.push("---", `title: ${JSON.stringify(plain(graph.title))}`, "---");
  lines.push("flowchart LR");
  let cluster = 0;
  for (const [group, nodes] of byGroup(graph.nodes)) {
    const inner = nodes.map((node) => `${ids.get(node.name)}${framed(node)}`);
    if (group === undefined) lines.push(...inner.map((line) => `  ${line}`));
    else lines.push(`  subgraph g${cluster++}["${text(group)}"]`, ...inner.map((line) => `    ${line}`), "  end");
  }
  for (const { from, to, optional } of graph.edges) {
    const [start, end] = [ids.get(from), ids.get(to)];
    if (start !== undefined && end !== undefined) lines.push(`  ${start} ${optional === true ? "-.->" : "-->"} ${end}`);
  }
  for (const [state, style] of Object.entries(classes)) {
    const members = graph.nodes.filter((node) => node.state === state).map(({ name }) => ids.get(name));
    if (members.length > 0) lines.push(`  classDef ${state} ${style}`, `  class ${members.join(",")} ${state}`);
  }
  return `${lines.join("\n")}\n`;
}

function framed(node: PictureNode): string {
  const [open, close] = node.cached === true && node.kind === "function" ? ["[(", ")]"] : frames[node.kind];
  return `${open}"${[text(node.name), ...wordsOf(node).map(text)].join("<br/>")}"${close}`;
}

const plain = (name: string) => shortened(name, mostName);

/** Mermaid reads `#60;` as the character of that code, and what looks like markup or its own syntax as such. */
function text(name: string): string {
  return plain(name).replace(/[^\p{L}\p{N} _.,:$/()-]/gu, (character) => `#${character.codePointAt(0)};`);
}
