/** An engine whose nodes run in workers, in other processes or on other machines; see flow-worker.ts for their side. */
import { unwatched } from "../../../depot/index.ts";
import { EntrepotError } from "../../../error/index.ts";
import type { TaskStatus } from "../../../queue/index.ts";
import type { Engine, EngineTask } from "../../core/index.ts";
import { noteDeeds } from "./deeds.ts";
import { checkOptions, type EngineOptions, type EngineParts, engineOptions, openParts } from "./engine-parts.ts";
import { errorOf } from "./failure-data.ts";
import { assertNoLock } from "./no-lock.ts";
import { sendTogether } from "./send-together.ts";
import { type NodeOutcome, type NodeTask, taskLayout } from "./task-data.ts";

/** `queueEngine`, when it is first needed. */
export async function openQueueEngine(options: EngineOptions): Promise<Engine> {
  checkOptions("queueEngine()", options, engineOptions);
  const parts = await openParts(options);
  const send = sendTogether((tasks) => parts.queue.sendAll(tasks));
  let end: Promise<void> | undefined;
  return {
    submit: async (task, signal) => {
      assertNoLock();
      // What the engine itself reads of the store is not what a node read.
      const outcome = await unwatched(() => outcomeOf(parts, send, task, signal));
      noteDeeds(outcome.deeds, task.tell);
      if ("failure" in outcome) throw errorOf(outcome.failure);
      return unwatched(() => parts.values.take(outcome.value));
    },
    close: () => {
      end ??= parts.close();
      return end;
    },
  };
}

async function outcomeOf(
  { queue, values }: EngineParts,
  send: (data: NodeTask) => Promise<string>,
  { node, index, values: given, config }: EngineTask,
  signal: AbortSignal,
): Promise<NodeOutcome> {
  signal.throwIfAborted();
  const refs = await Promise.all(
    Object.entries(given).map(async ([name, value]) => [name, await values.put(value, name)] as const),
  );
  const id = await send({
    layout: taskLayout,
    node,
    index,
    config: await values.put(config, "config"),
    values: Object.fromEntries(refs),
  });
  try {
    return outcomeIn(await queue.wait(id, { signal }), node);
  } catch (error) {
    // Nobody waits for it any more; that it cannot be cancelled now is no news.
    if (signal.aborted) await queue.cancel([id], "its execution was aborted").catch(() => undefined);
    throw error;
  }
}

function outcomeIn({ state, output, reason, attempts, takeOvers }: TaskStatus, node: string): NodeOutcome {
  if (state === "done") return output as NodeOutcome;
  const what = state === "failed" ? "failed" : "was cancelled";
  throw new EntrepotError(
    "server-error",
    `the task of '${node}' ${what} in ${attempts} attempts, of which ${takeOvers} lost their worker: ${reason ?? "no reason was given"}`,
    {
      hint: "look at what its worker said; a node that needs more memory than there is ends its worker each time",
      retryable: false,
    },
  );
}
