/** A process that runs nodes of a flow for the drivers of other processes. */
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import type { RunningTask } from "../../../queue/index.ts";
import { perform } from "../../core/index.ts";
import { type Deeds, observe } from "./deeds.ts";
import { checkOptions, type EngineOptions, type EngineParts, engineOptions, openParts } from "./engine-parts.ts";
import { failureData } from "./failure-data.ts";
import { type NodeOutcome, type NodeTask, taskLayout } from "./task-data.ts";

export interface FlowWorkerOptions extends EngineOptions {
  /** What `dataflow()` made: the same, from the same modules, as that of the driver. */
  readonly flow: object;
  /** Nodes, or items, at once. Default 1. */
  readonly concurrency?: number | undefined;
  /** Told when a node has run. `ms` is how long it took; `error` is what it failed with. */
  readonly onTask?: ((event: FlowTaskEvent) => void) | undefined;
}

export interface FlowTaskEvent {
  readonly node: string;
  readonly index: number | undefined;
  readonly attempt: number;
  readonly ms: number;
  readonly error: unknown;
}

export interface FlowWorker extends AsyncDisposable {
  /**
   * Takes nothing more, waits for what runs, and closes what it opened. What still runs after `graceMs`, without end by default, is given
   * back for another worker. A second call may shorten the wait.
   */
  stop(options?: { readonly graceMs?: number | undefined }): Promise<void>;
}

/** `flowWorker`, when it is first needed. */
export async function openFlowWorker(options: FlowWorkerOptions): Promise<FlowWorker> {
  checkOptions("flowWorker()", options, [...engineOptions, "flow", "concurrency", "onTask"]);
  const { flow, concurrency = 1, onTask } = options;
  const parts = await openParts(options);
  const worker = parts.queue.work(
    async (task) => {
      const started = performance.now();
      const { node, index } = task.data as unknown as NodeTask;
      const { outcome, error } = await runTask(flow, parts, task);
      onTask?.({ node, index, attempt: task.attempt, ms: performance.now() - started, error });
      return outcome;
    },
    { concurrency },
  );
  let end: Promise<void> | undefined;
  const stop: FlowWorker["stop"] = async (how) => {
    await worker.stop(how);
    end ??= parts.close();
    await end;
  };
  return { stop, [Symbol.asyncDispose]: () => stop() };
}

interface Ran {
  readonly outcome: NodeOutcome;
  readonly error?: unknown;
}

/** Rejects with what is no fault of the node: then another worker may have better luck. */
async function runTask(flow: object, { values }: EngineParts, task: RunningTask): Promise<Ran> {
  const { layout, node, index, config, values: refs } = task.data as unknown as NodeTask;
  if (layout !== taskLayout)
    throw new EntrepotError("unsupported", "the driver of this task is of another release than its worker", {
      hint: "use the same release of entrepot for the driver and all of its workers",
    });
  const given = Object.fromEntries(
    await Promise.all(Object.entries(refs).map(async ([name, ref]) => [name, await values.get(ref)] as const)),
  );
  const settings = (await values.get(config)) as Readonly<Record<string, unknown>>;
  const { signal } = task;
  const seen = await observe(node, (tell) =>
    perform(flow, { node, index, config: settings, values: given, signal, tell }),
  );
  const { deeds } = seen;
  if ("thrown" in seen) return failed(seen.thrown, deeds, signal);
  try {
    return { outcome: { value: await values.put(seen.value, node).catch(unkept), deeds } };
  } catch (error) {
    if (error instanceof StoreFailure) throw error.cause;
    return failed(error, deeds, signal);
  }
}

function failed(error: unknown, deeds: Deeds, signal: AbortSignal): Ran {
  if (signal.aborted) throw error;
  return { outcome: { failure: failureData(error), deeds }, error };
}

/** The store is away: no fault of the node, unlike a value that has no bytes. */
class StoreFailure extends Error {}

function unkept(error: unknown): never {
  if (isEntrepotError(error, "unsupported")) throw error;
  throw new StoreFailure("the store failed", { cause: error });
}
