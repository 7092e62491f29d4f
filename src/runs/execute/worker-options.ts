/** What a worker is asked for, and what it tells. */
import type { LocalPath } from "../../depot/index.ts";
import type { RunStore, RunTaskState } from "../store/index.ts";

export interface RunWorkerOptions {
  /** The database of runs; stays open. */
  readonly store: RunStore;
  /** Tasks at a time. Default 1. */
  readonly slots?: number | undefined;
  /** Only tasks of these models. Default: of all. */
  readonly models?: readonly string[] | undefined;
  /** Between SIGTERM and SIGKILL of a program that is to end, milliseconds. Default 5,000. */
  readonly graceMs?: number | undefined;
  /** Wait before the attempt after one that failed, doubled for each further one up to five minutes, seconds. Default 1. */
  readonly retrySeconds?: number | undefined;
  /** A worker that is silent for so long is dead, milliseconds, 1,000 or more; the same for all workers. Default 10,000. */
  readonly silentMs?: number | undefined;
  /** Where programs find their files, each attempt in a folder of its own. Default: that of temporary files. */
  readonly workDir?: LocalPath | undefined;
  /** How it is called in the runs. Default: host and process. */
  readonly name?: string | undefined;
  /** What programs have in their environment, without the way to the database. Default: that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
  /** Told when an attempt begins and when it has ended. */
  readonly onTask?: ((event: RunTaskEvent) => void) | undefined;
  /** Told of what fails beside the tasks and is tried again, such as a database that is away. Default: nobody. */
  readonly onWarning?: ((error: unknown) => void) | undefined;
}

export type RunTaskEvent = {
  readonly runId: string;
  readonly policyId: string;
  readonly attempt: number;
} & (
  | {
      readonly type: "started";
      readonly pid: number /** Between its slot being free and the start of the program. */;
      readonly waitedMs: number;
    }
  | {
      readonly type: "ended";
      /** What the task is now; `undefined`: the attempt was not listened to any more. */
      readonly state: RunTaskState | undefined;
      readonly reason: string | undefined;
      /** From the start of the program to its end. */
      readonly ms: number;
      /** From there until the end was recorded. */
      readonly recordedMs: number;
    }
);

export interface RunWorker extends AsyncDisposable {
  /** Programs that run. */
  readonly running: number;
  /**
   * Takes nothing more, ends its programs (SIGTERM, and SIGKILL after `graceMs`) and gives their tasks back, for another worker and without
   * an attempt less. A second call waits for the first.
   */
  stop(): Promise<void>;
  /** Resolves when it has stopped, on whoever's wish. */
  readonly stopped: Promise<void>;
}
