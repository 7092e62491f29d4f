/** Jobs: transfers that were begun and are not finished, as types. */
import type { FailedObject, JobStatus, TransferReport } from "../../transfer/index.ts";
import type { Address } from "../../uri/index.ts";
import type { SignalOptions, TransferOptions } from "../options.ts";
import type { Duration } from "../units.ts";

export type { FailedObject, JobStatus };

/** An upload in parts that nobody has ended: its parts cost storage until somebody does. */
export interface StaleUpload {
  /** Of the object that it was to become. */
  readonly uri: string;
  readonly uploadId: string;
  /** When it was begun, milliseconds since 1970. */
  readonly startedMs: number;
  /** The job of this cache folder that began it; `undefined` for what somebody else did, or what no journal knows. */
  readonly jobId: string | undefined;
  /** A process is still at that job. */
  readonly isRunning: boolean;
}

export interface UploadsOptions extends SignalOptions {
  /** Also those of others: other programs, other machines, jobs that are forgotten. Default false. */
  readonly all?: boolean | undefined;
  /** Only those that were begun longer ago. Default: all of them. */
  readonly olderThan?: Duration | undefined;
}

export type ResumeOptions = Pick<
  TransferOptions,
  "signal" | "onProgress" | "onPlan" | "onJob" | "onFile" | "onError" | "maxRequests" | "maxBytes" | "dryRun"
>;

/** The journals lie in the cache's folder, also where `cache` is false. */
export interface Jobs {
  /** Jobs that were interrupted or failed, those that run and those that are damaged, by their beginning. */
  list(options?: SignalOptions): Promise<readonly JobStatus[]>;
  /**
   * Goes on with the plan of a job: what is done and unchanged is left, what failed is tried again. Removals leave alone what was
   * replaced since. Errors: not-found, busy while a process is at it, malformed when its plan is not whole (say the same call again),
   * misconfigured when these settings lead to another server than the call that began it.
   */
  resume(id: string, options?: ResumeOptions): Promise<TransferReport>;
  /** Forgets a job, and takes away what it left half done: pending files, uploads in parts. Errors: not-found, busy, misconfigured as above. */
  abort(id: string, options?: SignalOptions): Promise<JobStatus>;
  /**
   * Aborts all jobs that nobody is at and of which nothing was done for `olderThan`, default `"30d"`, and plans whose process died
   * while it made them. Gives the jobs. One that cannot be given up keeps none of the others; the error comes at the end. Those of 30
   * days that left nothing half done go without it when another job begins.
   */
  gc(
    options?: SignalOptions & { readonly olderThan?: Duration | undefined; readonly dryRun?: boolean | undefined },
  ): Promise<readonly JobStatus[]>;
  /** Unfinished uploads in parts below a folder of a bucket; ours, as far as a journal here knows them, unless `all`. */
  uploads(folder: Address, options?: UploadsOptions): Promise<readonly StaleUpload[]>;
  /** Aborts them, but for those of jobs that run. Gives what it aborted, or would with `dryRun`. */
  abortUploads(
    folder: Address,
    options?: UploadsOptions & { readonly dryRun?: boolean | undefined },
  ): Promise<readonly StaleUpload[]>;
}
