/** Who executes a task elsewhere, as a job of its own: one interface for all. */
import type { Json } from "../../depot/index.ts";
import type { ModelVersion, RunRecord } from "../store/index.ts";

/** One policy of a run, to be executed by a job. */
export interface Submission {
  readonly run: RunRecord;
  readonly version: ModelVersion;
  readonly policyId: string;
  /** Id of the job of the baseline, where this one waits for it. Error: unsupported where `jobsWait` is false. */
  readonly after?: string | undefined;
}

export interface SubmittedJob {
  readonly id: string;
  /** As its service tells it: what became of the task, the database says. */
  readonly state: "waiting" | "running" | "done" | "failed";
  /** The service's words, where it has any. */
  readonly reason: string | undefined;
}

/** What would be sent, as a plain value: no secret, only the names of secrets. */
export interface JobManifest {
  readonly method: "POST";
  readonly url: string;
  readonly body: { readonly [name: string]: Json };
}

/**
 * Errors of every method: misconfigured (settings, and what the service finds wrong with them), unauthenticated, forbidden, throttled,
 * server-error, protocol, unreachable, timeout.
 */
export interface Submitter extends AsyncDisposable {
  readonly name: SubmitterName;
  /** Whether a job can wait for that of the baseline. */
  readonly jobsWait: boolean;
  /** Sends nothing. */
  manifest(task: Submission): Promise<JobManifest>;
  /**
   * Gives the id of the job. One try: after unreachable or timeout there may be a job. A second job of a task does no harm, because only
   * one attempt of it is listened to.
   */
  submit(task: Submission, options?: SubmitCallOptions): Promise<string>;
  /** Ends it, whether it waits or runs. One that is not there any more is success. */
  cancel(id: string, reason: string, options?: SubmitCallOptions): Promise<void>;
  /** Error: not-found. */
  describe(id: string, options?: SubmitCallOptions): Promise<SubmittedJob>;
  close(): Promise<void>;
}

export interface SubmitCallOptions {
  readonly signal?: AbortSignal | undefined;
}

export type SubmitterName = "batch" | "kubernetes";
