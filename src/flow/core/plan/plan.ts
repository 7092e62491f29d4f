/** What an execution would do, as plain data. */
import type { PictureGraph } from "../picture-graph.ts";

export interface PlanStep {
  readonly node: string;
  /** `hit`: kept, and not read before somebody needs it. `given`: by an override. `unneeded`: only kept results follow from it. */
  readonly state: "run" | "hit" | "given" | "unneeded";
  /** In words. */
  readonly why: string;
}

export interface Plan {
  readonly outputs: readonly string[];
  /** In an order where each node comes after what it asks for. */
  readonly steps: readonly PlanStep[];
  /** Names of the inputs that are used. */
  readonly inputs: readonly string[];
  /** Names that are needed and not given, each with the way to it. */
  readonly missing: readonly { readonly name: string; readonly path: readonly string[] }[];
  /** As text for people. */
  explain(): string;
  picture(): PictureGraph;
}
