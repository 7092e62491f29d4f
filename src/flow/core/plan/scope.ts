/** Where a name is looked up: in a flow, or in a flow within a flow, whose inputs are names of the outer one. */
import type { Graph, GraphNode } from "../graph/graph.ts";
import type { Binding, SubflowMark } from "../mark.ts";

export interface Scope {
  readonly graph: Graph;
  /** Stands before the names of its nodes: `outer.`; empty for the flow itself. */
  readonly prefix: string;
  readonly within: { readonly scope: Scope; readonly mark: SubflowMark; readonly bound: Bound } | undefined;
}

type Bound = Readonly<Record<string, Binding>> | undefined;

/** What a name means in a scope. */
export type Meaning =
  | { readonly kind: "node"; readonly scope: Scope; readonly name: string; readonly node: GraphNode }
  | { readonly kind: "outside"; readonly name: string }
  | { readonly kind: "value"; readonly value: unknown };

export function outermost(graph: Graph): Scope {
  return { graph, prefix: "", within: undefined };
}

/** The scope inside a node that is a sub-flow. */
export function scopeIn(scope: Scope, node: GraphNode, mark: SubflowMark): Scope {
  const graph = scope.graph.innerOf(node.name, mark);
  const bound = node.unwrapped?.bound;
  return { graph, prefix: `${scope.prefix}${node.name}.`, within: { scope, mark, bound } };
}

export function meaningOf(name: string, scope: Scope): Meaning {
  let current = scope;
  let sought = name;
  for (;;) {
    const node = current.graph.nodes.get(sought);
    if (node !== undefined) return { kind: "node", scope: current, name: sought, node };
    if (current.within === undefined) return { kind: "outside", name: sought };
    const { mark, bound } = current.within;
    sought = mark.inputs[sought] ?? sought;
    const binding = bound?.[sought];
    if (binding !== undefined && "value" in binding) return { kind: "value", value: binding.value };
    sought = binding?.source ?? sought;
    current = current.within.scope;
  }
}
