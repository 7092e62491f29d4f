import { describe, expect, it } from "vitest";
import type { PictureGraph, PictureNode } from "../picture-graph.ts";
import { toDot, toHtml, toMermaid, toSvg, toText } from "./index.ts";

const nodes: readonly PictureNode[] = [
  { name: "path", kind: "input", state: "given" },
  { name: "spend", group: "loaders", kind: "choice", variant: "prod", variants: ["local", "prod"], state: "hit" },
  { name: "cost", group: "marketing", kind: "function", cached: true, state: "run", isOutput: true },
  { name: "report", group: "marketing", kind: "each", state: "unneeded" },
  { name: "RATE", group: "marketing", kind: "constant" },
  { name: "mail", group: "marketing", kind: "function", state: "failed", notes: ["Tells everybody."] },
];
const graph: PictureGraph = {
  title: "spend & cost",
  nodes,
  edges: [
    { from: "path", to: "spend" },
    { from: "spend", to: "cost" },
    { from: "cost", to: "report" },
    { from: "RATE", to: "report", optional: true },
    { from: "not in the picture", to: "cost" },
  ],
};

/** What breaks out of its place in one language or another, and how often each must be there. */
const hostile = [
  '"; n0 -> n1; "',
  "]]></script><script>alert(1)</script>",
  "a\nb\r\n\u0000\u001b[31m\u2028\u202e",
  "\\N \\G \\",
  "#quot; #60; end subgraph",
  "%%{init: {}}%% click",
  "{{{[[[((|",
  '\'>" onload="alert(1)',
  "\ud800 alone",
  "x".repeat(500),
  "名前 🙂",
  "",
  "end",
];
const hostileGraph: PictureGraph = {
  title: hostile[1],
  nodes: hostile.map((name, at) => ({ name, group: hostile[(at + 3) % 5], kind: "function", notes: [name] })),
  edges: hostile.slice(1).map((to, at) => ({ from: hostile[at] ?? "", to })),
};

describe("a picture", () => {
  it("as text has a line for each node, by module, with what it asks for and a key to the marks", () => {
    expect(toText(graph)).toBe(
      [
        "spend & cost",
        "inputs",
        "  ○ path",
        "loaders",
        "  ✓ spend (prod, not local) ← path",
        "marketing",
        "  ● cost (results are kept; asked for) ← spend, not in the picture",
        "  · report (for each) ← cost, RATE?",
        "    RATE (constant)",
        "  ✗ mail",
        "",
        "● runs  ✓ kept, not run  ○ given  · not needed  ✗ failed",
        "",
      ].join("\n"),
    );
  });

  it("as text is never wider than its columns, and has colours only where they are asked for", () => {
    const names = Array.from({ length: 40 }, (_, at) => `step${at}`);
    const wide: PictureGraph = {
      nodes: [...names, "last"].map((name) => ({ name, group: "m", kind: "function", state: "run" })),
      edges: names.map((from) => ({ from, to: "last" })),
    };
    const text = toText(wide, { columns: 50 });
    expect(text.split("\n").every((line) => line.length <= 50)).toBe(true);
    expect(text).toContain("step39\n");
    expect(text).not.toContain("\u001b");
    expect(toText(wide, { colours: true })).toContain("\u001b[36m●\u001b[0m step0");
  });

  it("in Mermaid has a subgraph for each module, a shape for each kind and a class for each state", () => {
    const drawn = toMermaid(graph);
    for (const line of [
      "flowchart LR",
      '  n0(["path<br/>input"])',
      '  subgraph g0["loaders"]',
      '    n1{{"spend<br/>prod, not local<br/>kept, not run"}}',
      '    n2[("cost<br/>results are kept<br/>runs<br/>asked for")]',
      "  n0 --> n1",
      "  n4 -.-> n3",
      "  class n5 failed",
    ])
      expect(drawn.split("\n")).toContain(line);
    expect(drawn.match(/-->/g)).toHaveLength(3);
  });

  it("in DOT has a cluster for each module, and is drawn by Graphviz with all that is in it", async () => {
    expect(toDot(graph)).toContain('subgraph cluster_0 {\n    label="loaders"');
    const svg = await toSvg(graph);
    expect(svg.match(/class="node /g)).toHaveLength(nodes.length);
    expect(svg.match(/class="edge/g)).toHaveLength(4);
    expect(svg.match(/class="cluster"/g)).toHaveLength(2);
    for (const { name } of nodes) expect(svg).toContain(`>${name}<`);
    expect(svg).toMatch(/^<svg class="entrepot-flow" role="img" aria-label="spend &#38; cost"/);
    expect(svg).toContain("prefers-color-scheme: dark");
  });

  it("as HTML stands alone: it fetches nothing, and its script knows every node and edge", async () => {
    const page = await toHtml(graph);
    expect(page).toContain("default-src 'none'");
    expect(page.replaceAll(/http:\/\/www\.w3\.org\/\S+/g, "")).not.toMatch(/https?:/);
    const facts = JSON.parse(/id="graph">(.*?)<\/script>/s.exec(page)?.[1] ?? "");
    expect(facts.nodes.map(({ name }: PictureNode) => name)).toEqual(nodes.map(({ name }) => name));
    expect(facts.edges).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [4, 3],
    ]);
    expect(page.match(/<li class="/g)).toHaveLength(5);
  });
});

describe("names that mean something in the language of a picture", () => {
  it("are texts in DOT, SVG and HTML", async () => {
    const svg = await toSvg(hostileGraph);
    expect(svg.match(/class="node /g)).toHaveLength(hostile.length);
    expect(svg.match(/class="edge/g)).toHaveLength(hostile.length - 1);
    expect(svg.match(/<script|onload="/g)).toBeNull();
    const page = await toHtml(hostileGraph);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page.match(/ onload="/g)).toBeNull();
  });

  it("are texts in Mermaid: each line is one that we write, and nothing in quotes ends them", () => {
    const ours =
      /^(flowchart LR|---|title: ".*"| {2}subgraph g\d+\["[^"<>{}[\]\\%]*"\]| {4}n\d+\("[^"<>{}[\]\\%]*(<br\/>[^"<>]*)*"\)| {2}end| {2}n\d+ --> n\d+)$/u;
    for (const line of toMermaid(hostileGraph).trimEnd().split("\n")) expect(line).toMatch(ours);
  });

  it("are on one line of a terminal, without its control characters", () => {
    const text = toText(hostileGraph);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(text.isWellFormed()).toBe(true);
    expect(text.split("\n").filter((line) => line.startsWith("  "))).not.toHaveLength(0);
  });
});
