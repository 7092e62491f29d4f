/** What a wrapper does around each run of a function: tries again, ends it in time, checks what it gave. */
import type { FlowClock } from "./clock.ts";
import type { FlowEvent } from "./events.ts";

/** Second argument of a node, third of the function of an `each`. */
export interface NodeContext {
  /** Name of the node that runs. */
  readonly node: string;
  /** Aborted where the execution is, where another node failed, and when the time of `timeout` is over. */
  readonly signal: AbortSignal;
}

/** What a layer knows of the run that it is around. */
export interface LayerContext {
  readonly node: string;
  readonly signal: AbortSignal;
  readonly clock: FlowClock;
  /** Tells what happened; the execution adds which it is. */
  readonly tell: (event: FlowEvent) => void;
}

export interface Layer {
  readonly kind: "retry" | "timeout" | "check";
  /** Calls what is inside as often as it must, and gives what the node is to give. */
  run(call: (signal: AbortSignal) => unknown, context: LayerContext): unknown;
  /** Of a check: what becomes of a value that was computed before. */
  readonly check?: ((value: unknown, context: LayerContext) => unknown) | undefined;
  /** Of a check: whether it may change the value. */
  readonly changes?: boolean | undefined;
}
