/** Who asks for what in the whole of a flow, whatever a request needs. What cannot be read has no edges, and says so. */
import type { Ask } from "../names/ask.ts";
import { ParserNeeded } from "../names/read-names.ts";
import type { Graph } from "./graph.ts";

export interface Edges {
  /** Nodes and the names from outside, each after what it asks for; those of a cycle last. */
  readonly order: readonly string[];
  readonly asks: ReadonlyMap<string, readonly Ask[]>;
  /** Why what a node asks for is not known. */
  readonly unknown: ReadonlyMap<string, string>;
}

/** Throws `ParserNeeded` until there is a parser. */
export function edgesOf(graph: Graph): Edges {
  const asks = new Map<string, readonly Ask[]>();
  const unknown = new Map<string, string>();
  for (const node of graph.nodes.values()) {
    try {
      asks.set(node.name, graph.asksOf(node));
    } catch (error) {
      if (error instanceof ParserNeeded) throw error;
      unknown.set(node.name, error instanceof Error ? error.message : String(error));
      asks.set(node.name, []);
    }
    if (node.problem !== undefined) unknown.set(node.name, node.problem);
  }
  for (const asked of [...asks.values()].flat()) if (!asks.has(asked.name)) asks.set(asked.name, []);
  return { order: ordered(asks), asks, unknown };
}

/** Names that need the given one, by name. */
export function usesOf({ asks }: Pick<Edges, "asks">): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  for (const [name, asked] of asks) {
    for (const ask of asked) {
      const known = uses.get(ask.name);
      if (known === undefined) uses.set(ask.name, [name]);
      else known.push(name);
    }
  }
  return uses;
}

/** What is reached from a name, itself left out. */
export function reachedFrom(name: string, next: (name: string) => Iterable<string>): Set<string> {
  const reached = new Set<string>();
  const open = [name];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const found of next(current)) {
      if (reached.has(found)) continue;
      reached.add(found);
      open.push(found);
    }
  }
  return reached;
}

function ordered(asks: ReadonlyMap<string, readonly Ask[]>): string[] {
  const uses = usesOf({ asks });
  const open = new Map([...asks].map(([name, asked]) => [name, asked.length]));
  const order = [...asks].filter(([, asked]) => asked.length === 0).map(([name]) => name);
  for (let at = 0; at < order.length; at++) {
    for (const user of uses.get(order[at] ?? "") ?? []) {
      const left = (open.get(user) ?? 0) - 1;
      open.set(user, left);
      if (left === 0) order.push(user);
    }
  }
  const placed = new Set(order);
  return [...order, ...[...asks.keys()].filter((name) => !placed.has(name))];
}
