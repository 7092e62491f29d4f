/** The whole of a flow as a picture, whatever a request needs. */
import type { PictureGraph, PictureNode } from "../picture-graph.ts";
import type { Edges } from "./edges.ts";
import type { Graph, GraphNode } from "./graph.ts";

export function flowPicture(graph: Graph, { order, asks, unknown }: Edges): PictureGraph {
  return {
    nodes: order.map((name) => {
      const node = graph.nodes.get(name);
      if (node === undefined) return { name, kind: "input" };
      const why = unknown.get(name);
      const drawn = pictureNode(node, name);
      return why === undefined ? drawn : { ...drawn, notes: [...(drawn.notes ?? []), why] };
    }),
    edges: [...asks].flatMap(([to, asked]) =>
      asked.map(({ name, optional }) => ({ from: name, to, ...(optional ? { optional } : {}) })),
    ),
  };
}

/** A node as a picture shows it; `name` is the one within all flows around it. */
export function pictureNode(node: GraphNode, name: string): PictureNode {
  const { unwrapped, variant, variants, kind, module } = node;
  const isChoice = variants !== undefined;
  const notes = Object.entries(unwrapped?.tags ?? {}).map(([tag, value]) => `${tag}: ${[value].flat().join(", ")}`);
  const at = name.lastIndexOf(".");
  return {
    name,
    group: at < 0 ? module : name.slice(0, at),
    kind: kind === "constant" || kind === "each" ? kind : isChoice ? "choice" : "function",
    ...(isChoice ? { variant, variants } : {}),
    ...(unwrapped?.cached === undefined && unwrapped?.each?.item.cached === undefined ? {} : { cached: true }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}
