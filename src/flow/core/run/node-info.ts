/** What is told of a node. */
import type { GraphNode } from "../graph/graph.ts";
import type { NodeInfo } from "./world.ts";

export function infoOf(node: GraphNode, name: string = node.name): NodeInfo {
  const { module, kind, unwrapped, variant, variants } = node;
  return {
    ...{ name, module, kind, tags: unwrapped?.tags ?? {} },
    isCached: unwrapped?.cached !== undefined || unwrapped?.each?.item.cached !== undefined,
    ...(variants === undefined ? {} : { variant, variants }),
  };
}
