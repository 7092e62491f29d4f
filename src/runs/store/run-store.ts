/**
 * What is asked of the database of runs. Errors of every method: those of Database; not-found for a model, run, policy or task that
 * there is none of; TypeError and RangeError for names, options and contents that cannot be.
 */

import type { Database } from "../../queue/index.ts";
import type { Bytes } from "../../store/index.ts";
import type { Jobs } from "./jobs.ts";
import type {
  AttemptRecord,
  FileRecord,
  LogLine,
  Model,
  ModelVersion,
  OutputRecord,
  Program,
  RunEvent,
  RunOptions,
  RunRecord,
  RunState,
  RunSummary,
  TaskRecord,
} from "./records.ts";
import type { Tokens } from "./tokens.ts";

export interface RunStore extends AsyncDisposable {
  /** The database itself, such as for a queue beside the tables of runs. */
  readonly database: Database;
  readonly models: Models;
  readonly runs: Runs;
  readonly files: Files;
  readonly tasks: Tasks;
  readonly jobs: Jobs;
  readonly tokens: Tokens;
  /**
   * What happens in the run from the event after `after` (default 0: from its beginning) on, in order, none left out and none twice; ends
   * after the event `ended`. `follow: false` ends with what there is now. Rejects with `signal.reason`.
   */
  watch(runId: string, options?: WatchOptions): AsyncGenerator<RunEvent, void>;
  /** Closes the database where the store opened it. A second call does nothing. */
  close(): Promise<void>;
}

export interface WatchOptions {
  readonly after?: number | undefined;
  readonly follow?: boolean | undefined;
  /** Only these. Default: all types. */
  readonly types?: readonly RunEvent["type"][] | undefined;
  /** Only of this policy; events of the run itself come all the same. */
  readonly policyId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** `after` of the next page; `undefined` on the last one. */
  readonly next: string | undefined;
}

export interface PageOptions {
  /** Only of this one. */
  readonly policyId?: string | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  /** Default 100, at most 1,000. */
  readonly limit?: number | undefined;
}

export interface Models {
  /** Error: already-exists. One that was deleted comes back, with its versions gone and their names taken for ever. */
  add(name: string, options?: { readonly description?: string | undefined }): Promise<Model>;
  /**
   * A new version, of a name that this model never had: already-exists otherwise. Its snapshots begin empty. Default of `version`: `v1`,
   * `v2` …, the next that is free.
   */
  deploy(
    model: string,
    version: {
      readonly program: Program;
      readonly version?: string | undefined;
      readonly description?: string | undefined;
    },
  ): Promise<ModelVersion>;
  get(name: string): Promise<Model>;
  /** By name. */
  list(): Promise<readonly Model[]>;
  /** The newest first. */
  versions(model: string): Promise<readonly ModelVersion[]>;
  /** Default: the one that was deployed last. */
  version(model: string, version?: string): Promise<ModelVersion>;
  /** The model, or one version of it. Error: not-empty while there are runs of it. */
  delete(model: string, version?: string): Promise<void>;
}

export interface NewRun {
  readonly model: string;
  /** Default: the one that was deployed last. */
  readonly version?: string | undefined;
  /** Default: the id. */
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly options?: RunOptions | undefined;
  /** The first is the baseline. Default: none yet. */
  readonly policies?: readonly string[] | undefined;
  readonly baselineFirst?: boolean | undefined;
  /** Default 2. */
  readonly retries?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
}

export interface RunFilter {
  readonly model?: string | undefined;
  readonly version?: string | undefined;
  readonly state?: RunState | undefined;
  /** Part of the name or the id, in any case of letters. */
  readonly search?: string | undefined;
  /** Only of these models; for who may see no others. */
  readonly models?: readonly string[] | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  /** Default 50, at most 1,000. */
  readonly limit?: number | undefined;
}

export interface Runs {
  /** RangeError for a stacking order of the options that names a policy twice, or one that is none of `policies` where there are some. */
  create(run: NewRun): Promise<RunRecord>;
  /** At the end of the list, several together or none of them; before the start only: error precondition-failed. Already-exists for an id twice. */
  addPolicy(runId: string, policyId: string | readonly string[]): Promise<RunRecord>;
  /** With its files. Before the start only. */
  deletePolicy(runId: string, policyId: string): Promise<RunRecord>;
  /** Before the start only; what is left out stays. */
  change(
    runId: string,
    change: Pick<NewRun, "name" | "description" | "options" | "baselineFirst" | "retries" | "timeoutSeconds">,
    options?: {
      /** The `etag` that the run has now, for who has read it before: precondition-failed when somebody has changed it since. */
      readonly ifMatch?: string | undefined;
    },
  ): Promise<RunRecord>;
  get(runId: string): Promise<RunRecord>;
  /** The newest first, by pages. */
  list(filter?: RunFilter): Promise<Page<RunSummary>>;
  /**
   * Makes a task of every policy, all or none: those of the others `waiting` when the baseline comes first, else `ready`. With `service`
   * the run belongs to jobs of that, for good, and workers that wait leave it alone. Errors: precondition-failed when it was started
   * before or has no policy.
   */
  start(runId: string, options?: { readonly service?: string | undefined }): Promise<readonly TaskRecord[]>;
  /**
   * Tasks that failed or were cancelled (default), or these policies' whatever they ended in, may run again, with their attempts counted
   * from new. Gives those that changed; error precondition-failed while the run is not started.
   */
  retry(runId: string, policyIds?: readonly string[]): Promise<readonly TaskRecord[]>;
  /** Whatever has not ended becomes `cancelled`, at once; who runs it hears of it by its next `alive`. Gives those that changed. */
  cancel(
    runId: string,
    options?: { readonly policyIds?: readonly string[] | undefined; readonly reason?: string | undefined },
  ): Promise<readonly TaskRecord[]>;
  /** With all that belongs to it in the database; outputs in a bucket stay. Error: precondition-failed while it runs. */
  delete(runId: string): Promise<void>;
}

export interface Files {
  /**
   * Puts or replaces a file of one policy, or of all (`policyId` undefined); before the start only. Text is stored as UTF-8. Errors:
   * limit-exceeded beyond 16 MiB for a file, 256 MiB or 1,000 files for a run; unsafe-key for a name that could leave a folder.
   */
  put(
    runId: string,
    policyId: string | undefined,
    name: string,
    content: string | Uint8Array,
    options?: {
      /** The `sha256` that it has now, for who has read it before: precondition-failed when it is another one or gone. */
      readonly ifMatch?: string | undefined;
    },
  ): Promise<FileRecord>;
  /** Those of one policy with those of all that it has no file of the same name for; of a run (`policyId` undefined): every one. */
  list(runId: string, policyId?: string): Promise<readonly FileRecord[]>;
  /** Exactly that file. */
  read(runId: string, policyId: string | undefined, name: string): Promise<Bytes>;
  delete(
    runId: string,
    policyId: string | undefined,
    name: string,
    options?: {
      /** As in `put`. */
      readonly ifMatch?: string | undefined;
    },
  ): Promise<void>;
}

/** The right to speak for a task: only the newest attempt's is listened to. Text, so that it can be handed to another process. */
export type AttemptToken = string;

export interface Attempt extends AttemptRecord {
  readonly token: AttemptToken;
  /** Name of its folder among those of the policy: its number, and what nobody can guess before it begins. */
  readonly folder: string;
}

/** How an attempt ended. */
export type Outcome =
  | {
      readonly state: "done";
      readonly exitCode?: number | undefined;
      readonly outputs?: readonly Omit<OutputRecord, "policyId">[] | undefined;
    }
  | {
      readonly state: "failed";
      readonly error: string;
      readonly exitCode?: number | undefined;
      /** False: whatever attempts are left, there is no further one. Default true. */
      readonly mayRetry?: boolean | undefined;
    }
  /** The worker stops: the task is ready for another one, and the attempt does not count. */
  | { readonly state: "released"; readonly error: string };

/** What became of it; `undefined` of each: this attempt was not the newest any more, and nothing was changed. */
export interface Ended {
  readonly task: TaskRecord;
  /** Whether the task is ready for a further attempt. */
  readonly willRetry: boolean;
  /** Tasks that waited for this one, the baseline: `ready` now, or `cancelled`. */
  readonly dependents: readonly TaskRecord[];
  /** Whether the run ended with it. */
  readonly run: RunState;
}

export type ReadyTask = TaskRecord & { readonly model: string };

export interface Tasks {
  get(taskId: string): Promise<TaskRecord>;
  /** In the order of the policies. */
  list(runId: string): Promise<readonly TaskRecord[]>;
  /** The same by pages, or of one policy. RangeError for an `after` that is no `next`. */
  page(runId: string, options?: PageOptions): Promise<Page<TaskRecord>>;
  /** Of one task, in their order. */
  attempts(taskId: string): Promise<readonly AttemptRecord[]>;
  /**
   * Begins an attempt of this task: `undefined` when it waits or has ended. One that is under way is taken over (it becomes `lost`) only
   * where it was silent for `silentMs`, default 10,000; else `undefined`, too.
   */
  begin(
    taskId: string,
    options: { readonly worker: string; readonly silentMs?: number | undefined },
  ): Promise<Attempt | undefined>;
  /** Those that are ready for workers that wait, and not for jobs of a service; the oldest first, by pages. */
  ready(options?: {
    /** Id of the last one of the page before. */
    readonly after?: string | undefined;
    /** Default 1,000. */
    readonly limit?: number | undefined;
    readonly runId?: string | undefined;
    readonly models?: readonly string[] | undefined;
  }): Promise<readonly ReadyTask[]>;
  /** Says that these live; gives those that are still the newest and not cancelled. Asks the database also for none. */
  alive(tokens: readonly AttemptToken[]): Promise<ReadonlySet<AttemptToken>>;
  /** `false`: not the newest any more, and nothing was written. The last of 100,000 lines or 10 MB of an attempt says that it is the last. */
  log(token: AttemptToken, lines: readonly LogLine[]): Promise<boolean>;
  progress(
    token: AttemptToken,
    progress: { readonly fraction: number; readonly message?: string | undefined },
  ): Promise<boolean>;
  /** Ends the attempt, once: `undefined` when it is over already or is not the newest any more. */
  end(token: AttemptToken, outcome: Outcome): Promise<Ended | undefined>;
  /**
   * Takes attempts that were silent for `silentMs` for lost: their tasks are ready again, or failed where no attempt is left. Gives what
   * it did to each.
   */
  sweep(options: { readonly silentMs: number; readonly runId?: string | undefined }): Promise<readonly Ended[]>;
  /** The pointer in the bucket names this attempt of the task now, or a newer one. */
  published(taskId: string, attempt: number): Promise<void>;
  /** Those that are done and of which nobody has said `published` since, such as when their worker died before; by id. */
  unpublished(options?: {
    readonly runId?: string | undefined;
    readonly models?: readonly string[] | undefined;
    /** Only those that ended so long ago, milliseconds. Default 0. */
    readonly endedMsAgo?: number | undefined;
    /** Id of the last one of the page before. */
    readonly after?: string | undefined;
    /** Default 100. */
    readonly limit?: number | undefined;
  }): Promise<readonly TaskRecord[]>;
  /** Of the attempt that was done; by path. Default: of all policies. */
  outputs(runId: string, policyId?: string): Promise<readonly OutputRecord[]>;
  /** The same by pages, in the order of the policies and by path. RangeError for an `after` that is no `next`. */
  outputPage(runId: string, options?: PageOptions): Promise<Page<OutputRecord>>;
}
