/** The thread's side of an engine of threads. */
import type { MessagePort } from "node:worker_threads";
import { perform } from "../../core/index.ts";
import { type Deeds, observe } from "./deeds.ts";
import { type FailureData, failureData } from "./failure-data.ts";
import { KeptValues } from "./kept-values.ts";
import { decodeShared, type SharedValue, shareValue } from "./thread-values.ts";

export interface ThreadTask {
  readonly node: string;
  readonly index: number | undefined;
  readonly config: SharedValue;
  readonly values: Readonly<Record<string, SharedValue>>;
}

export type ThreadOutcome =
  | { readonly value: SharedValue; readonly deeds: Deeds }
  | { readonly failure: FailureData; readonly deeds: Deeds };

const noDeeds: Deeds = { reads: [], writes: [], data: [], events: [] };

/** Answers each task that arrives, one at a time. */
export function serveFlow(port: MessagePort, flow: object): void {
  const kept = new KeptValues();
  const decoded = (value: SharedValue) => kept.get(value.version, value.kept.sizeBytes, () => decodeShared(value));
  const run = async ({ node, index, config, values }: ThreadTask): Promise<ThreadOutcome> => {
    let deeds = noDeeds;
    try {
      const given = Object.fromEntries(
        await Promise.all(Object.entries(values).map(async ([name, value]) => [name, await decoded(value)] as const)),
      );
      const settings = (await decoded(config)) as Readonly<Record<string, unknown>>;
      const seen = await observe(node, (tell) => perform(flow, { node, index, config: settings, values: given, tell }));
      ({ deeds } = seen);
      if ("thrown" in seen) return { failure: failureData(seen.thrown), deeds };
      return { value: await shareValue(seen.value, node), deeds };
    } catch (error) {
      return { failure: failureData(error), deeds };
    }
  };
  port.on("message", (task: ThreadTask) => void run(task).then((outcome) => port.postMessage(outcome)));
}
