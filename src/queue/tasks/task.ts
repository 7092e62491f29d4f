/** What a task is, and in which states it can be. */

/** Plain data, as JSON holds it. */
export type TaskData = { readonly [key: string]: unknown };

/**
 * `waiting`: for what it comes after; `ready`: for a worker or its next attempt; `running`; and three ends: `done`, `failed` when its
 * attempts are used up, `cancelled` by a person or because something that it comes after was not done.
 */
export type TaskState = "waiting" | "ready" | "running" | "done" | "failed" | "cancelled";

export interface TaskOptions {
  /** Further attempts after one that failed; one whose worker died or was stopped does not count. Default that of the queue: 2. */
  readonly retries?: number | undefined;
  /** Wait before the second attempt, doubled for each further one, seconds. Default that of the queue: 1; 0 tries again at once. */
  readonly retrySeconds?: number | undefined;
  /** One attempt may take so long; then it counts as failed. Seconds, at most 86,399, the default. */
  readonly timeoutSeconds?: number | undefined;
  /** Higher ones first. Default 0. */
  readonly priority?: number | undefined;
  /** Nobody takes it before so many seconds have passed. Default 0. */
  readonly delaySeconds?: number | undefined;
  /** What a worker may leave to others: see `otherGroups` of `work`. */
  readonly group?: string | undefined;
}

/** One of several tasks that are sent together. */
export interface TaskRequest extends TaskOptions {
  /** A UUID in lower case, by which the same task may be sent again without being there twice. Default: a new one. */
  readonly id?: string | undefined;
  readonly data: TaskData;
  /** Names, within the same call, of what must be done before. */
  readonly after?: readonly string[] | undefined;
}

/** A task as a worker gets it. */
export interface RunningTask {
  readonly id: string;
  readonly data: TaskData;
  /** 1 for the first; one that was taken over counts here, too, so that no two attempts bear the same number. */
  readonly attempt: number;
  /** Aborts when the task was cancelled, was given to somebody else, took too long, or the worker stops. */
  readonly signal: AbortSignal;
}

/** A task as it stands. */
export interface TaskStatus {
  readonly id: string;
  readonly state: TaskState;
  readonly data: TaskData;
  /** Attempts that began. */
  readonly attempts: number;
  /** Of these, how many were taken over because their worker died or was cut off. */
  readonly takeOvers: number;
  /** What its handler gave; of a task that is done. */
  readonly output: unknown;
  /** Why it failed or was cancelled, in words; of one that waits for a further attempt, why the last one failed. */
  readonly reason: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  readonly startedMs: number | undefined;
  readonly endedMs: number | undefined;
}

export function isEnd(state: TaskState): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}
