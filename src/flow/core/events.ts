/** What happens in an execution, as it happens: for progress, logs and traces. */

/** Something that happened in the execution `run`. A node of a sub-flow is called `outer.inner`. */
export type FlowEvent =
  | { readonly type: "run-start"; readonly outputs: readonly string[]; readonly nodes: number }
  | { readonly type: "node-start"; readonly node: string }
  /** It gave its value: computed now, or found where results are kept. */
  | {
      readonly type: "node-end";
      readonly node: string;
      /** That the configuration chose. */
      readonly variant?: string;
      readonly how: "run" | "hit";
      readonly ms: number;
    }
  | { readonly type: "node-failed"; readonly node: string; readonly error: unknown }
  /** In graceful mode: not run, since it needs a node that failed. */
  | { readonly type: "node-skipped"; readonly node: string; readonly because: string }
  | {
      readonly type: "retry";
      readonly node: string;
      readonly attempt: number;
      readonly delayMs: number;
      readonly error: unknown;
    }
  /** Checks that only warn. */
  | { readonly type: "check-warning"; readonly node: string; readonly failures: readonly string[] }
  /** An item of an `each` was found where results are kept. */
  | { readonly type: "item-hit"; readonly node: string; readonly index: number }
  /** Items of an `each` that are done. */
  | {
      readonly type: "item-end";
      readonly node: string;
      readonly index: number;
      readonly done: number;
      readonly of: number;
    }
  | {
      readonly type: "run-end";
      readonly ms: number;
      readonly ran: number;
      readonly hits: number;
      readonly failed: number;
    };

/** An event, and which execution it belongs to: executions of one driver may overlap. */
export type RunEvent = FlowEvent & { readonly run: string };
