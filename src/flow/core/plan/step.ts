/** What some outputs need, as plain data. */
import type { Graph, GraphNode } from "../graph/graph.ts";
import type { Ask } from "../names/ask.ts";

export interface Step {
  /** A node of a sub-flow is called `outer.inner`. */
  readonly name: string;
  /** Absent for what is given from outside. */
  readonly node: GraphNode | undefined;
  readonly from: "node" | "input" | "override" | "value";
  /** Of a value that is bound in the flow. */
  readonly value?: unknown;
  /** Places, within the steps, of what it asks for, and the names under which it does. */
  readonly needs: readonly number[];
  readonly names: readonly string[];
  /** The graph that the node belongs to. */
  readonly graph: Graph;
}

/** A name that an output needs and nobody gives. */
export interface Missing {
  readonly name: string;
  /** From the output to the name. */
  readonly path: readonly string[];
  /** More to say than that it was not given. */
  readonly problem?: string | undefined;
}

export interface Resolved {
  readonly outputs: readonly number[];
  readonly steps: readonly Step[];
  readonly missing: readonly Missing[];
  /** All names from outside, given or not. */
  readonly asked: readonly Ask[];
}
