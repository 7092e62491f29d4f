/** What a request needs as a picture: the nodes with what would happen to them. */
import { pictureNode } from "../graph/flow-picture.ts";
import type { PictureGraph, PictureNode } from "../picture-graph.ts";
import type { PlanStep } from "./plan.ts";
import type { Resolved, Step } from "./step.ts";

export function planPicture({ steps, outputs }: Resolved, states: readonly Pick<PlanStep, "state">[]): PictureGraph {
  const wanted = new Set(outputs);
  return {
    nodes: steps.map((step, place) => drawn(step, states[place]?.state, wanted.has(place))),
    edges: steps.flatMap(({ name, needs }) => needs.map((need) => ({ from: steps[need]?.name ?? "", to: name }))),
  };
}

function drawn({ name, node, from }: Step, state: PictureNode["state"], isOutput: boolean): PictureNode {
  const shown: PictureNode =
    node === undefined ? { name, kind: from === "value" ? "constant" : "input" } : pictureNode(node, name);
  return {
    ...shown,
    ...(from === "override" ? { kind: "override" as const } : {}),
    ...(state === undefined ? {} : { state }),
    ...(isOutput ? { isOutput } : {}),
  };
}
