/** The one place that says what may become of a task and of its run. Pure; what writes asks here first. */
import type { AttemptState, RunState, RunTaskState, TaskCounts } from "../records.ts";

/** What happens to a task. */
export type Happening =
  /** An attempt begins. */
  | "begin"
  | "done"
  /** It failed, or its worker is lost, and there is a further attempt. */
  | "retry"
  /** It failed, or its worker is lost, for good. */
  | "fail"
  /** Its worker gave it back. */
  | "release"
  | "cancel"
  /** The baseline is done. */
  | "unblock"
  /** Somebody wants it once more. */
  | "again"
  /** The same, after the baseline. */
  | "againLater";

const table: Readonly<Record<RunTaskState, Readonly<Partial<Record<Happening, RunTaskState>>>>> = {
  waiting: { unblock: "ready", cancel: "cancelled" },
  ready: { begin: "running", cancel: "cancelled" },
  running: { done: "done", retry: "ready", fail: "failed", release: "ready", cancel: "cancelled" },
  done: { again: "ready", againLater: "waiting" },
  failed: { again: "ready", againLater: "waiting" },
  cancelled: { again: "ready", againLater: "waiting" },
};

/** `undefined`: this cannot happen to a task in this state. */
export function nextState(state: RunTaskState, happening: Happening): RunTaskState | undefined {
  return table[state][happening];
}

export function isEnded(state: RunTaskState): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}

/** What an attempt is that ended in this way. */
export const endedAs: Readonly<Record<"done" | "failed" | "released" | "lost", AttemptState>> = {
  done: "done",
  failed: "failed",
  released: "lost",
  lost: "lost",
};

/** Of a started run. */
export function runStateOf({ waiting, ready, running, failed, cancelled }: TaskCounts): Exclude<RunState, "created"> {
  if (waiting + ready + running > 0) return "running";
  if (failed > 0) return "failed";
  return cancelled > 0 ? "cancelled" : "done";
}
