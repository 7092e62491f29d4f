/** What became of a piece of work that runs flows: what each node read and wrote, what was found instead of computed, and when. */
import type { SeenRead, SeenWrite } from "../../../depot/index.ts";
import type { NodeData } from "./node-data.ts";

/** One run of one node, or its result that was found. Plain data, as all of a lineage. */
export interface NodeLineage {
  /** A node of a sub-flow is called `outer.inner`. */
  readonly node: string;
  /** `"hit"`: its result was found where results are kept; its reads are those of the run that kept it. */
  readonly how: "run" | "hit" | "failed";
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** Milliseconds; 0 for a hit, whose value is read only when it is wanted. */
  readonly ms: number;
  readonly reads: readonly SeenRead[];
  readonly writes: readonly SeenWrite[];
  /** What `load` and `save` know besides. */
  readonly data: readonly NodeData[];
  /** Of a failure: its code, or the name of the error. */
  readonly error?: string | undefined;
}

export interface RunLineage {
  readonly startedMs: number;
  readonly ms: number;
  /** In the order in which they ended. What runs on another machine is not among them. */
  readonly nodes: readonly NodeLineage[];
  /** Of all of the work, hits included; what it wrote before it read it is no input. `lockOf(reads)` is its lock. */
  readonly reads: readonly SeenRead[];
  readonly writes: readonly SeenWrite[];
}
