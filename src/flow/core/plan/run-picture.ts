/** A plan's picture after its execution: what ran, what was found, what failed. */
import type { FlowEvent } from "../events.ts";
import type { PictureGraph, PictureNode } from "../picture-graph.ts";

type Became = Pick<PictureNode, "state"> & { readonly note?: string };

/**
 * The picture of a plan with what became of its nodes: `picture` of `driver.plan(outputs).picture()`, made before; `events` of one
 * execution of the same outputs, as `onEvent` tells them. A node that nothing was told of was not needed.
 */
export function pictureAfter(picture: PictureGraph, events: Iterable<FlowEvent>): PictureGraph {
  const became = new Map<string, Became>();
  for (const event of events) {
    if (event.type === "node-end")
      became.set(event.node, {
        state: event.how,
        ...(event.how === "run" ? { note: `${event.ms.toFixed(event.ms < 10 ? 1 : 0)} ms` } : {}),
      });
    else if (event.type === "node-failed") became.set(event.node, { state: "failed" });
    else if (event.type === "node-skipped")
      became.set(event.node, { state: "unneeded", note: `not run, since ${event.because} failed` });
  }
  return { ...picture, nodes: picture.nodes.map((node) => after(node, became.get(node.name))) };
}

function after(node: PictureNode, became: Became | undefined): PictureNode {
  if (became === undefined) return node.state === "run" || node.state === "hit" ? { ...node, state: "unneeded" } : node;
  const { state, note } = became;
  return { ...node, state, ...(note === undefined ? {} : { notes: [...(node.notes ?? []), note] }) };
}
