/** What is wrong with a request, in words. All that is missing is told at once. */
import { closest } from "../../../error/index.ts";
import type { Graph } from "../graph/graph.ts";
import type { Missing } from "./step.ts";

/** `names` ends where it begins. */
export function cycleError(names: readonly string[]): TypeError {
  const first = names.at(-1) ?? "";
  return new TypeError(`the flow has a cycle: ${names.slice(names.indexOf(first)).join(" → ")}`);
}

export function unknownOutput(name: string, graph: Graph): TypeError {
  const near = closest(name, graph.nodes.keys());
  const some = [...graph.nodes.keys()].slice(0, 12);
  const there = `there is ${some.join(", ")}${graph.nodes.size > some.length ? " …" : ""}`;
  return new TypeError(`the flow has no node '${name}': ${near === undefined ? there : `did you mean '${near}'?`}`);
}

/** One error for all; `names` are those that might have been meant. */
export function missingError(missing: readonly Missing[], names: Iterable<string>): TypeError {
  const known = [...names];
  const lines = missing.map(({ name, path, problem }) => {
    const way = path.length > 1 ? ` (${path.join(" → ")})` : "";
    if (problem !== undefined) return `${problem}${way}`;
    const near = closest(name, known);
    const meant = near === undefined ? "" : `; did you mean '${near}'?`;
    return `'${path[0]}' needs the input '${name}', which was not given${way}${meant}`;
  });
  return new TypeError(lines.join("\n"));
}
