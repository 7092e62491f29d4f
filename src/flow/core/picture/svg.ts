/** A dataflow as SVG: laid out by Graphviz, which `@viz-js/viz` brings as WebAssembly, and coloured by a style sheet of ours. */
import { EntrepotError } from "../../../error/index.ts";
import type { PictureGraph } from "../picture-graph.ts";
import { toDot } from "./dot.ts";
import { drawingStyle } from "./style.ts";
import { shortened } from "./words.ts";

/** SVG that stands alone, light or dark as whoever looks at it. Error: `missing-peer` where `@viz-js/viz` is not installed. */
export async function toSvg(graph: PictureGraph): Promise<string> {
  const { instance } = await import("@viz-js/viz").catch((cause: unknown) => {
    throw new EntrepotError("missing-peer", "drawing a dataflow as SVG needs the package @viz-js/viz", {
      hint: "npm install @viz-js/viz; DOT, Mermaid and text need nothing",
      cause,
    });
  });
  const drawn = (await instance()).renderString(toDot(graph), { format: "svg", engine: "dot" });
  // What comes before the element is a declaration and comments, which say that Graphviz made it.
  const start = drawn.indexOf("<svg");
  const open = drawn.indexOf(">", start) + 1;
  const label = markup(shortened(graph.title ?? `a dataflow of ${graph.nodes.length} nodes`, 200));
  const head = drawn.slice(start, open).replace("<svg", `<svg class="entrepot-flow" role="img" aria-label="${label}"`);
  return `${head}\n<style>${drawingStyle}</style>${drawn.slice(open)}`;
}

/** `text` within markup, also within an attribute. */
export function markup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
