/** Carries out a plan: makes the world that its nodes run in, and tells how it begins and ends. */
import { randomUUID } from "node:crypto";
import { systemFlowClock } from "../clock.ts";
import type { FlowEvent } from "../events.ts";
import type { Resolved } from "../plan/step.ts";
import type { CoreSettings, RunOptions } from "../types/driver.ts";
import { type Executed, Execution } from "./execution.ts";
import { givenValues } from "./given-values.ts";
import { jointSignal } from "./joint-signal.ts";
import { runSubflow } from "./run-subflow.ts";
import { Slots } from "./slots.ts";

type Named = Readonly<Record<string, unknown>>;

export interface Request {
  readonly resolved: Resolved;
  readonly inputs: Named;
  readonly overrides: Named;
  readonly onFailure: "throw" | "report";
  readonly outputs: readonly string[];
  readonly settings: CoreSettings & { readonly config?: Named | undefined };
  /** Breaks nothing, whatever it throws. */
  readonly onEvent: CoreSettings["onEvent"];
  readonly options: RunOptions;
}

export async function execute(request: Request): Promise<Executed> {
  const { resolved, inputs, overrides, onFailure, outputs, settings, onEvent, options } = request;
  const { around, engine, results: keeper, clock = systemFlowClock, config = {} } = settings;
  const run = randomUUID();
  const tell = onEvent === undefined ? undefined : (event: FlowEvent) => onEvent({ ...event, run });
  const stop = new AbortController();
  const signal = jointSignal(options.signal, stop.signal);
  const behaviours = { ...settings.behaviours, ...options.behaviours };
  const slots = new Slots(options.concurrency ?? settings.concurrency ?? 8);
  const execution = new Execution({
    ...{ resolved, onFailure, given: givenValues(inputs, overrides) },
    world: { behaviours, around, engine, config, clock, signal, keeper, tell, runSubflow, slots },
  });
  const startedMs = clock.now();
  tell?.({ type: "run-start", outputs, nodes: resolved.steps.filter(({ from }) => from === "node").length });
  try {
    return await execution.run();
  } finally {
    const { ran, hits, failed } = execution.counts();
    tell?.({ type: "run-end", ms: clock.now() - startedMs, ran, hits, failed });
    // whoever still runs need not
    stop.abort();
  }
}
