/** What is asked of a queue, whatever keeps it. */
import type { RunningTask, TaskData, TaskOptions, TaskRequest, TaskState, TaskStatus } from "./task.ts";
import type { TaskWorker } from "./worker.ts";

export interface WorkOptions {
  /** Tasks at once. Default 1. */
  readonly concurrency?: number | undefined;
  /** Groups whose tasks are left to other workers; asked each time that tasks are taken. Default: none. */
  readonly otherGroups?: (() => readonly string[]) | undefined;
}

/**
 * Tasks that are run at least once, by whichever worker of whichever process takes them. Errors of every method: those of Database.
 */
export interface Queue extends AsyncDisposable {
  readonly name: string;
  /** Gives the id. */
  send(data: TaskData, options?: TaskOptions): Promise<string>;
  /**
   * Sends several, all or none, each after those that it names; gives their ids by the same names. When one of them fails or is cancelled,
   * all that come after it are cancelled with the reason.
   */
  sendAll(tasks: Readonly<Record<string, TaskRequest>>): Promise<Readonly<Record<string, string>>>;
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
  /** Resolves when the task has ended, in whichever way. Rejects with `signal.reason`. */
  wait(id: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<TaskStatus>;
  /** Stops its workers, waiting for what they run; the database stays open. A second call does nothing. */
  close(): Promise<void>;
}
