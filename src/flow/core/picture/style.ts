/** How pictures look: classes of nodes as colours, for light and dark. Shapes and words say the same without them. */

/** A style sheet for the drawing that Graphviz makes of our DOT, within an element of the class `entrepot-flow`. */
export const drawingStyle: string = `
.entrepot-flow { --ink: #1c1e21; --line: #7b818b; --faint: #c9ced6; --group: #f6f7f9; --plain: #ffffff; --input: #e6effb; --given: #fff4d6; --hit: #e0f2dc; --run: #1d5fbf; --failed: #fbe0df; --bad: #b3261e; --good: #2f7d32; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .entrepot-flow { --ink: #e8eaed; --line: #8f97a3; --faint: #4a5059; --group: #202328; --plain: #2b2f36; --input: #22364f; --given: #4a3d16; --hit: #1f3d24; --run: #7fb0ff; --failed: #4d2321; --bad: #ff8a80; --good: #81c784; }
}
.entrepot-flow text { fill: var(--ink); font-family: Helvetica, Arial, "Liberation Sans", sans-serif; }
.entrepot-flow .node :is(polygon, path, ellipse, polyline) { stroke: var(--line); }
.entrepot-flow .node :is(polygon, path, ellipse):not([fill="none"]) { fill: var(--plain); }
.entrepot-flow .node.input ellipse:not([fill="none"]) { fill: var(--input); }
.entrepot-flow .node.given :is(polygon, path):not([fill="none"]) { fill: var(--given); }
.entrepot-flow .node.run :is(polygon, path, polyline) { stroke: var(--run); }
.entrepot-flow .node.hit :is(polygon, path, polyline) { stroke: var(--good); }
.entrepot-flow .node.hit :is(polygon, path):not([fill="none"]) { fill: var(--hit); }
.entrepot-flow .node.failed :is(polygon, path, polyline) { stroke: var(--bad); }
.entrepot-flow .node.failed :is(polygon, path):not([fill="none"]) { fill: var(--failed); }
.entrepot-flow .node.unneeded { opacity: 0.55; }
.entrepot-flow .cluster polygon, .entrepot-flow .cluster path { fill: var(--group); stroke: var(--faint); }
.entrepot-flow .edge path { stroke: var(--line); fill: none; }
.entrepot-flow .edge polygon { stroke: var(--line); fill: var(--line); }
.entrepot-flow .edge.optional path { stroke-dasharray: 4 3; }
`.trim();

/** The HTML file around it. */
export const pageStyle: string = `
body { margin: 0; display: grid; grid-template-rows: auto 1fr; height: 100vh; height: 100dvh; font: 14px/1.4 system-ui, Helvetica, Arial, sans-serif; background: #fff; color: #1c1e21; color-scheme: light dark; }
header { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; align-items: center; padding: 0.5rem 0.9rem; border-bottom: 1px solid #c9ced6; }
h1 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
input, button { font: inherit; padding: 0.2rem 0.5rem; }
.buttons { display: inline-flex; gap: 0.25rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.8rem; margin: 0; padding: 0; }
.legend li::before { content: ""; display: inline-block; width: 0.8em; height: 0.8em; margin-right: 0.35em; border: 2px solid #7b818b; border-radius: 3px; vertical-align: -0.08em; }
.legend .run::before { border-color: #1d5fbf; }
.legend .hit::before { border-color: #2f7d32; background: #e0f2dc; }
.legend .given::before { background: #fff4d6; }
.legend .failed::before { border-color: #b3261e; background: #fbe0df; }
.legend .unneeded::before { border-style: dashed; opacity: 0.55; }
main { overflow: hidden; touch-action: none; cursor: grab; min-height: 0; }
main:active { cursor: grabbing; }
main > svg { width: 100%; height: 100%; display: block; }
main:focus-visible, .node:focus-visible { outline: 2px solid #1d5fbf; outline-offset: -2px; }
.pointed .node.far, .pointed .edge:not(.near) { opacity: 0.25; }
.pointed .edge.near path { stroke-width: 2; }
.node.found polygon, .node.found path { stroke-width: 4; }
aside { position: fixed; right: 0.8rem; bottom: 0.8rem; max-width: min(26rem, 80vw); max-height: 60vh; overflow: auto; padding: 0.6rem 0.8rem; background: #fff; border: 1px solid #c9ced6; border-radius: 6px; box-shadow: 0 2px 10px #0003; pointer-events: none; overflow-wrap: anywhere; }
aside h2 { font-size: 1rem; margin: 0 0 0.2rem; }
aside p { margin: 0.15rem 0; }
@media (prefers-color-scheme: dark) {
  body, aside { background: #16181c; color: #e8eaed; }
  header, aside { border-color: #4a5059; }
}
`.trim();
