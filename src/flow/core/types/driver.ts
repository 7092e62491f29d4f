/** What a driver takes and gives, to the compiler: exactly the outputs that are asked for, exactly the inputs that they need. */
import type { FlowClock } from "../clock.ts";
import type { Engine } from "../engine.ts";
import type { RunEvent } from "../events.ts";
import type { ResultKeeper } from "../kept.ts";
import type { Tags } from "../mark.ts";
import type { PictureGraph } from "../picture-graph.ts";
import type { Plan } from "../plan/plan.ts";
import type { Behaviour } from "../run/kept-call.ts";
import type { Around, NodeInfo } from "../run/world.ts";
import type { Simplify } from "./functions.ts";
import type { NeededInputs } from "./needed.ts";
import type { Nodes } from "./universe.ts";

/** What holds for every execution of a driver. */
export interface DriverSettings {
  /** Nodes and items that run at a time. Default 8. */
  readonly concurrency?: number | undefined;
  /** Called with what happens, as it happens. What it throws is a warning of the process, once, and fails no node. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Around each run of a node. */
  readonly around?: Around | undefined;
  /** How results are kept, by name of the node, whatever its code says. */
  readonly behaviours?: Readonly<Record<string, Behaviour>> | undefined;
  /** Where nodes run. Default: in this process. */
  readonly engine?: Engine | undefined;
  readonly clock?: FlowClock | undefined;
}

/** As `driver` of this room takes them: with the store of results as an execution sees it. */
export interface CoreSettings extends DriverSettings {
  readonly results?: ResultKeeper | undefined;
}

export interface RunOptions {
  /** Aborts the execution, which then rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  readonly concurrency?: number | undefined;
  readonly behaviours?: Readonly<Record<string, Behaviour>> | undefined;
}

/** Inputs that are still to be given for these outputs: those of the driver hold already and may not be repeated. */
export type OpenInputs<M, I, Given, N, Overridden = never> = Simplify<
  Omit<NeededInputs<M, I, N, Overridden>, keyof Given> & { readonly [K in keyof Given]?: never }
>;

export type ExecuteOptions<Inputs, O> = RunOptions & {
  /** Values in the place of nodes, which then do not run. */
  readonly overrides?: O | undefined;
} & ({} extends Inputs ? { readonly inputs?: Inputs | undefined } : { readonly inputs: Inputs });

type ExecuteRest<Inputs, O> = {} extends Inputs
  ? [options?: ExecuteOptions<Inputs, O>]
  : [optionsWithInputs: ExecuteOptions<Inputs, O>];

/** Values in the place of nodes. */
export type Overrides<M> = { readonly [K in keyof Nodes<M>]?: Nodes<M>[K] };

/** What came of an execution whose failures are reported. */
export interface Settled<M, N extends keyof Nodes<M>> {
  /** Values of the outputs that could be computed. */
  readonly values: { readonly [K in N]?: Nodes<M>[K] };
  readonly failures: readonly { readonly node: string; readonly error: unknown }[];
  /** Nodes that did not run, and the node that failed which they need. */
  readonly skipped: readonly { readonly node: string; readonly because: string }[];
}

export interface NodeFilter {
  /** Tags that the node bears, of one value or among others. */
  readonly tags?: Tags | undefined;
  readonly module?: string | undefined;
}

/** A flow bound to a configuration. */
export interface Driver<M, I, Given = {}> {
  /**
   * Computes these nodes and nothing that they do not need. Rejects with the error of the first node that fails, which bears the `node`
   * and the `nodePath` to it from an output; `failedNode(error)` gives both. Errors: `misconfigured` for inputs and keys of the configuration
   * that no node asks for, TypeError for what is missing.
   */
  execute<const N extends keyof Nodes<M> & string, O extends Overrides<M> = {}>(
    outputs: readonly N[],
    ...options: ExecuteRest<OpenInputs<M, I, Given, N, keyof O>, O>
  ): Promise<{ readonly [K in N]: Nodes<M>[K] }>;
  /** As `execute`; where a node fails, what does not need it goes on, and all failures are reported. */
  settle<const N extends keyof Nodes<M> & string, O extends Overrides<M> = {}>(
    outputs: readonly N[],
    ...options: ExecuteRest<OpenInputs<M, I, Given, N, keyof O>, O>
  ): Promise<Settled<M, N>>;
  /** What an execution would do and why, without doing it. Missing inputs are told, not thrown. */
  plan(
    outputs: readonly (keyof Nodes<M> & string)[],
    options?: Pick<RunOptions, "signal" | "behaviours"> & {
      readonly inputs?: { readonly [K in Exclude<keyof I, keyof Given>]?: I[K] } | undefined;
      readonly overrides?: Overrides<M> | undefined;
    },
  ): PendingPlan;
  /** All nodes, or those with these tags. */
  nodes(filter?: NodeFilter): readonly NodeInfo[];
  /** Names of all nodes and inputs that a node needs, those that it asks for itself included. */
  upstream(node: keyof Nodes<M> & string): Promise<readonly string[]>;
  /** Names of all nodes that need this node or input. */
  downstream(name: (keyof Nodes<M> | keyof I) & string): Promise<readonly string[]>;
  /** Names of all nodes that lie on a way between two, both included; empty where there is none. */
  path(from: (keyof Nodes<M> | keyof I) & string, to: keyof Nodes<M> & string): Promise<readonly string[]>;
  /** The whole flow as a picture. */
  picture(): Promise<PictureGraph>;
}

/** A plan, and what is mostly wanted of one: `await run.plan(["report"]).explain()`. */
export interface PendingPlan extends Promise<Plan> {
  explain(): Promise<string>;
  picture(): Promise<PictureGraph>;
}
