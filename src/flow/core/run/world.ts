/** What an execution works with: all that does not belong to one node. */
import type { FlowClock } from "../clock.ts";
import type { Engine } from "../engine.ts";
import type { FlowEvent } from "../events.ts";
import type { ResultKeeper } from "../kept.ts";
import type { SubflowMark, Tags } from "../mark.ts";
import type { Step } from "../plan/step.ts";
import type { Behaviours } from "./kept-call.ts";
import type { Slots } from "./slots.ts";

/** A node, as hooks and queries see it. */
export interface NodeInfo {
  /** A node of a sub-flow is called `outer.inner`. */
  readonly name: string;
  readonly module: string;
  readonly kind: "function" | "constant" | "field" | "each" | "subflow" | "unresolved";
  readonly tags: Tags;
  readonly isCached: boolean;
  /** The case or variant that the configuration chose, of all there are. */
  readonly variant?: string | undefined;
  readonly variants?: readonly string[] | undefined;
}

/** Runs around each run of a node, attempts and checks included; it must call `next` and give what that gives, or throw. */
export type Around = (node: NodeInfo, next: () => Promise<unknown>) => Promise<unknown>;

export interface World {
  readonly slots: Slots;
  readonly clock: FlowClock;
  /** Absent where nobody listens. */
  readonly tell: ((event: FlowEvent) => void) | undefined;
  readonly around: Around | undefined;
  readonly engine: Engine | undefined;
  readonly keeper: ResultKeeper | undefined;
  /** Runs a sub-flow for one item of an `each`; elsewhere its nodes are steps of the flow that it is in. */
  readonly runSubflow: (
    step: Step,
    mark: SubflowMark,
    deps: Readonly<Record<string, unknown>>,
    world: World,
  ) => Promise<Readonly<Record<string, unknown>>>;
  readonly behaviours: Behaviours;
  readonly config: Readonly<Record<string, unknown>>;
  /** Aborted by the caller and, unless failures are to be reported, by the first failure. */
  readonly signal: AbortSignal;
}
