/** Where nodes run: in this process unless an engine sends them elsewhere. Values travel through the engine's own store. */
import type { FlowEvent } from "./events.ts";

/** One node to run, or one item of an `each`. */
export interface EngineTask {
  /** A node of a sub-flow is called `outer.inner`. */
  readonly node: string;
  /** Place of the item within its list, from 0; absent for a whole node. */
  readonly index?: number | undefined;
  /** The values that the node asks for, by name; for an item, the item stands under the name of its list. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Configuration of the driver. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Tells the execution what happened elsewhere, such as attempts that failed; absent where nobody listens. */
  readonly tell?: ((event: FlowEvent) => void) | undefined;
  /** Runs it here. */
  run(): Promise<unknown>;
}

/** Runs nodes. `submit` gives what the node gives, and rejects with its failure. */
export interface Engine {
  submit(task: EngineTask, signal: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}
