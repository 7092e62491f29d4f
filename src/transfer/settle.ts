/** What all transfers share: the total is told as soon as it is known, and each job ends as one line of the report. */
import { type EntrepotError, isEntrepotError } from "../error/index.ts";
import type { FileResult, Written } from "./report.ts";
import type { Tally, TallyOptions } from "./tally.ts";

export interface TransferSettings extends TallyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Objects at once, from 1. */
  readonly concurrency: number;
  /** Ends what is still under way, since it would be in vain. */
  readonly giveUp?: ((reason: EntrepotError) => void) | undefined;
}

/** The same settings with a signal that also fires when it is given up. */
export function untilGivenUp<S extends TransferSettings>(settings: S): S {
  const stop = new AbortController();
  const { signal } = settings;
  return {
    ...settings,
    signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
    giveUp: (reason: EntrepotError) => stop.abort(reason),
  };
}

/** Tells the total as soon as the planning has ended, which it mostly does long before the work. */
export async function* announced<J>(jobs: AsyncIterable<J>, tally: Tally, size: (job: J) => number): AsyncGenerator<J> {
  let objects = 0;
  let sizeBytes = 0;
  for await (const job of jobs) {
    objects += 1;
    sizeBytes += size(job);
    yield job;
  }
  tally.expect({ objects, sizeBytes });
}

/** What is known of a job before it is done. */
export type Planned = Pick<FileResult, "uri" | "target" | "action" | "sizeBytes" | "reason">;

/** Brings one job to its one line in the report. What is no failure of the object ends the whole transfer. */
export async function settle(
  tally: Tally,
  planned: Planned,
  problem: EntrepotError | undefined,
  { dryRun, signal, giveUp }: TransferSettings,
  work: () => Promise<Written | "queued" | undefined>,
): Promise<void> {
  if (problem !== undefined) return tally.add({ ...planned, status: "failed", error: problem });
  if (dryRun === true) return tally.add({ ...planned, status: "planned", error: undefined });
  let outcome: Written | "queued" | undefined;
  try {
    outcome = await work();
  } catch (error) {
    if (signal?.aborted === true || !isEntrepotError(error)) throw error;
    tally.add({ ...planned, status: "failed", error });
    // what a full disk refuses once it refuses every time
    if (error.code === "no-space") throw tally.stopped(error);
    const silentMs = tally.silence.endedBy(error);
    if (silentMs === undefined) return;
    const gone = tally.unanswered(error, silentMs);
    giveUp?.(gone);
    throw gone;
  }
  if (planned.action !== "skip") tally.silence.heard();
  const written = outcome === "queued" ? undefined : outcome;
  const sizeBytes = written?.sizeBytes ?? planned.sizeBytes;
  const done = { ...planned, sizeBytes, status: "done", error: undefined } as const;
  const isQueued = outcome === "queued" || written?.queued === true;
  tally.add(isQueued ? { ...done, queued: true } : done, written);
}
