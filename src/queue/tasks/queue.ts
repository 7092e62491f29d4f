/** What is asked of a queue, whatever keeps it. */
import type { Sql } from "../database/database.ts";
import type { RunningTask, TaskData, TaskOptions, TaskRequest, TaskState, TaskStatus } from "./task.ts";
import type { TaskWorker } from "./worker.ts";

export interface WorkOptions {
  /** Tasks at once. Default 1. */
  readonly concurrency?: number | undefined;
  /** Groups whose tasks are left to other workers; asked each time that tasks are taken. Default: none. */
  readonly otherGroups?: (() => readonly string[]) | undefined;
}

export interface SendOptions {
  /** A transaction of the same database: the tasks are there when it is committed, and never when it is not. Nothing is tried again then. */
  readonly within?: Sql | undefined;
}

/**
 * Tasks that are run at least once, by whichever worker of whichever process takes them. Errors of every method: those of Database; `unreachable` only
 * after a minute, in which what was sent or cancelled is tried again without being done twice. Of ids that are none: misconfigured.
 */
export interface Queue extends AsyncDisposable {
  readonly name: string;
  /** Gives the id. */
  send(data: TaskData, options?: TaskOptions & SendOptions & { readonly id?: string | undefined }): Promise<string>;
  /**
   * Sends several, all or none, each after those that it names; gives their ids by the same names. When one of them fails or is cancelled,
   * all that come after it are cancelled with the reason. Those whose ids are there already stay as they are; error: already-exists, when
   * of tasks that come after one another some are there and others are not.
   */
  sendAll(
    tasks: Readonly<Record<string, TaskRequest>>,
    options?: SendOptions,
  ): Promise<Readonly<Record<string, string>>>;
  /**
   * Takes tasks until it is stopped. What the handler gives must be what JSON can hold, and is the output; what it throws makes the attempt
   * fail. A handler may run twice for the same task, when its worker was thought dead: its effect must be the same then.
   */
  work(handler: (task: RunningTask) => Promise<unknown>, options?: WorkOptions): TaskWorker;
  /** Cancels what has not ended, and what comes after it; those that run hear of it within two seconds. Default reason: "cancelled". */
  cancel(ids: readonly string[], reason?: string): Promise<void>;
  /** Of the ids that are known; a task is forgotten seven days after its end. */
  states(ids: readonly string[]): Promise<ReadonlyMap<string, TaskStatus>>;
  counts(): Promise<Readonly<Record<TaskState, number>>>;
  /** Resolves when the task has ended, in whichever way. Rejects with `signal.reason`. Error: not-found for an id that the queue does not know. */
  wait(id: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<TaskStatus>;
  /** Stops its workers, waiting for what they run; the database stays open. A second call does nothing. */
  close(): Promise<void>;
}
