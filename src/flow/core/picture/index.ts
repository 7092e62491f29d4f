/** Pictures of dataflows: DOT, Mermaid and text by themselves, SVG and HTML with `@viz-js/viz`. */
export { toDot } from "./dot.ts";
export { toMermaid } from "./mermaid.ts";
export { toHtml } from "./page.ts";
export { toSvg } from "./svg.ts";
export { type TextOptions, toText } from "./text.ts";
