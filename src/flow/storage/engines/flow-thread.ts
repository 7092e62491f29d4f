/** The thread's side of an engine of threads. */
import type { MessagePort } from "node:worker_threads";
import { recordReads, type SeenRead } from "../../../depot/index.ts";
import { perform } from "../../core/index.ts";
import { type FailureData, failureData } from "./failure-data.ts";
import { DecodedValues, type SharedValue, shareValue } from "./thread-values.ts";

export interface ThreadTask {
  readonly node: string;
  readonly index: number | undefined;
  readonly config: SharedValue;
  readonly values: Readonly<Record<string, SharedValue>>;
}

export type ThreadOutcome =
  | { readonly value: SharedValue; readonly reads: readonly SeenRead[] }
  | { readonly failure: FailureData };

/** Answers each task that arrives, one at a time. */
export function serveFlow(port: MessagePort, flow: object): void {
  const decoded = new DecodedValues();
  const run = async ({ node, index, config, values }: ThreadTask): Promise<ThreadOutcome> => {
    try {
      const given = Object.fromEntries(
        await Promise.all(
          Object.entries(values).map(async ([name, value]) => [name, await decoded.get(value)] as const),
        ),
      );
      const settings = (await decoded.get(config)) as Readonly<Record<string, unknown>>;
      const { value, reads } = await recordReads(() => perform(flow, { node, index, config: settings, values: given }));
      return { value: await shareValue(value, node), reads };
    } catch (error) {
      return { failure: failureData(error) };
    }
  };
  port.on("message", (task: ThreadTask) => void run(task).then((outcome) => port.postMessage(outcome)));
}
