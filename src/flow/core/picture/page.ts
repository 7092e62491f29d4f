/** A dataflow as one HTML file: the drawing, with zoom, search and what a node says of itself. It fetches nothing. */
import type { PictureGraph, PictureNode } from "../picture-graph.ts";
import { pageScript } from "./page-script.ts";
import { pageStyle } from "./style.ts";
import { markup, toSvg } from "./svg.ts";
import { shortened, stateWords, wordsOf } from "./words.ts";

/** The whole file. Error: `missing-peer` where `@viz-js/viz` is not installed. */
export async function toHtml(graph: PictureGraph): Promise<string> {
  const title = markup(shortened(graph.title ?? "Dataflow", 200));
  const shown = Object.entries(stateWords).filter(([state]) => graph.nodes.some((node) => node.state === state));
  const keys = shown.map(([state, words]) => `<li class="${state}">${words}</li>`).join("");
  // A script cannot be ended from within a string that holds no "<".
  const facts = JSON.stringify({ nodes: graph.nodes.map(factsOf), edges: placesOf(graph) }).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<label>Find <input id="find" type="search" placeholder="name of a node" autocomplete="off"></label>
<span class="buttons"><button id="out" aria-label="smaller">−</button><button id="in" aria-label="larger">+</button><button id="fit">all</button></span>
<ul class="legend" aria-label="what the colours mean">${keys}</ul>
</header>
<main id="stage" tabindex="0" aria-label="the dataflow; arrow keys move it, plus and minus zoom, 0 shows all">
${await toSvg({ ...graph, title: undefined })}
</main>
<aside id="facts" aria-live="polite" hidden></aside>
<script type="application/json" id="graph">${facts}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

function factsOf(node: PictureNode): object {
  return { name: node.name, group: node.group, words: wordsOf(node), notes: node.notes ?? [] };
}

/** Edges by the places of their nodes, as the drawing numbers them. */
function placesOf(graph: PictureGraph): (readonly [number, number])[] {
  const places = new Map(graph.nodes.map(({ name }, index) => [name, index]));
  return graph.edges.flatMap(({ from, to }) => {
    const [start, end] = [places.get(from), places.get(to)];
    return start === undefined || end === undefined ? [] : [[start, end] as const];
  });
}
