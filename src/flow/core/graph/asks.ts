/** What a node asks for, whatever it is: a function, a field, a list of items, a flow in the flow. */
import type { SubflowMark } from "../mark.ts";
import type { Ask } from "../names/ask.ts";
import { readNames } from "../names/read-names.ts";
import { resolve } from "../plan/resolve.ts";
import type { Graph, GraphNode } from "./graph.ts";
import type { Unwrapped } from "./unwrapped.ts";

/** Throws `ParserNeeded` where the parser has to be loaded, TypeError where nobody can say. */
export function asksOf(node: GraphNode, graph: Graph): readonly Ask[] {
  const { unwrapped } = node;
  return unwrapped === undefined ? [] : outer(unwrapped, inner(unwrapped, node.name, graph));
}

function inner(unwrapped: Unwrapped, name: string, graph: Graph): readonly Ask[] {
  const { asks, asksLike, field, each, subflow, fn } = unwrapped;
  if (asksLike !== undefined) return [...(asks ?? []), ...readNames(asksLike, graph.parser)];
  if (asks !== undefined) return asks;
  if (field !== undefined) {
    const source = graph.nameOf(field.source);
    if (source === undefined)
      throw new TypeError(`'${name}' is extracted from a function that no module of the flow exports: export it there`);
    return [{ name: source, optional: false }];
  }
  if (subflow !== undefined) return asksOfSubflow(name, subflow, graph);
  if (each === undefined) return readNames(fn, graph.parser);
  const { as, over, item } = each;
  const plain = item.asks === undefined && item.subflow === undefined && item.bound === undefined && as === undefined;
  const ofItem = plain ? readNames(item.fn, graph.parser, 1) : outer(item, inner(item, name, graph));
  return [{ name: over, optional: false }, ...ofItem.filter((ask) => ask.name !== as && ask.name !== over)];
}

/** With what `parameterize` has bound: values are asked for no more, nodes under their own names. */
function outer({ bound }: Unwrapped, asks: readonly Ask[]): readonly Ask[] {
  if (bound === undefined) return asks;
  const names = new Map<string, Ask>();
  for (const ask of asks) {
    const binding = bound[ask.name];
    if (binding !== undefined && "value" in binding) continue;
    const name = binding?.source ?? ask.name;
    names.set(name, { name, optional: ask.optional && names.get(name)?.optional !== false });
  }
  return [...names.values()];
}

function asksOfSubflow(name: string, mark: SubflowMark, graph: Graph): readonly Ask[] {
  const needed = resolve(graph.innerOf(name, mark), mark.outputs, { given: () => false });
  return needed.asked.map((ask) => ({ ...ask, name: mark.inputs[ask.name] ?? ask.name }));
}
