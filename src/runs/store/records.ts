/** What the database of runs knows, as plain values. Times are milliseconds since 1970; ids are short text that sorts by age. */
import type { Json } from "../../depot/index.ts";

/** Stored keys, as they were given. */
export type RunOptions = Readonly<Record<string, Json>>;

/** What is executed for every policy. It holds no secret: whoever may read the model may read it. */
export interface Program {
  /** Program and arguments; `--run-id` and `--policy-id` are added. No shell is asked. */
  readonly command: readonly string[];
  /** Where it starts. Default: the working folder of the worker. */
  readonly dir?: string | undefined;
  /** The container image, for engines that start containers. */
  readonly image?: string | undefined;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

export interface Model {
  readonly name: string;
  readonly description: string;
  readonly createdMs: number;
  /** The one that was deployed last; `undefined` before the first. */
  readonly version: string | undefined;
  readonly versions: number;
  readonly runs: number;
}

export interface ModelVersion {
  readonly model: string;
  readonly version: string;
  readonly description: string;
  readonly program: Program;
  readonly deployedMs: number;
  /** The name-space of its snapshots, `model@version`: that of a new version is empty. */
  readonly snapshots: string;
}

/** `created` until it is started; `running` while a task of it may still do something; and three ends. */
export type RunState = (typeof runStates)[number];
export const runStates = ["created", "running", "done", "failed", "cancelled"] as const;

/**
 * `waiting` for the baseline; `ready` for a worker, or for a further attempt; `running`; and three ends: `done`, `failed` when its
 * attempts are used up, `cancelled` by a person or because the baseline was not done.
 */
export type RunTaskState = (typeof taskStates)[number];
export const taskStates = ["waiting", "ready", "running", "done", "failed", "cancelled"] as const;

/** `lost`: its worker fell silent, or somebody else took the task over. */
export type AttemptState = (typeof attemptStates)[number];
export const attemptStates = ["running", "done", "failed", "lost", "cancelled"] as const;

export type TaskCounts = Readonly<Record<RunTaskState, number>>;

/** A run as lists show it. */
export interface RunSummary {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly name: string;
  readonly description: string;
  readonly state: RunState;
  readonly tasks: TaskCounts;
  readonly policyCount: number;
  readonly createdMs: number;
  readonly startedMs: number | undefined;
  readonly endedMs: number | undefined;
  /** `at` of its last event: changes with whatever happens in the run. */
  readonly lastEvent: number;
}

export interface RunRecord extends RunSummary {
  readonly options: RunOptions;
  /** Ids of its policies in their order. */
  readonly policies: readonly string[];
  /** What `stackingOrder` or `stacking_order` of the options says, else the policies in their order. */
  readonly stackingOrder: readonly string[];
  /** The first of `stackingOrder`, or of the policies where that is none of them; `undefined` before there is a policy. */
  readonly baseline: string | undefined;
  /** Whether the others wait until the baseline is done. */
  readonly baselineFirst: boolean;
  /** Further attempts of a task that failed. */
  readonly retries: number;
  /** `undefined`: no limit. */
  readonly timeoutSeconds: number | undefined;
  /** The service whose jobs it was started for, such as `batch`; `undefined`: workers that wait, or it is not started. */
  readonly service: string | undefined;
  /** Of everything that `runs.change` may change, for its `ifMatch`; 64 hexadecimal digits. */
  readonly etag: string;
}

/** What a service was sent for a task. What becomes of the task, the task says. */
export interface JobRecord {
  readonly runId: string;
  readonly policyId: string;
  /** Of the service. */
  readonly id: string;
  readonly submittedMs: number;
  /** When its service was told to end it. */
  readonly cancelledMs: number | undefined;
}

/** A parameter file, of one policy or of all (`policyId` undefined). */
export interface FileRecord {
  readonly runId: string;
  readonly policyId: string | undefined;
  /** With its type: `parameters.csv`. */
  readonly name: string;
  /** What stands after the last dot, in lower case; empty without one. */
  readonly type: string;
  /** Whether the bytes are UTF-8 text. */
  readonly isText: boolean;
  readonly sizeBytes: number;
  /** Of the content, hexadecimal. */
  readonly sha256: string;
  readonly changedMs: number;
}

export interface Progress {
  /** From 0 to 1. */
  readonly fraction: number;
  readonly message: string;
  readonly timeMs: number;
}

/** The execution of one policy. */
export interface TaskRecord {
  readonly id: string;
  readonly runId: string;
  readonly policyId: string;
  readonly state: RunTaskState;
  readonly isBaseline: boolean;
  /** Attempts that began. */
  readonly attempts: number;
  /** Of them, those that failed or were lost, since it was last started. */
  readonly failures: number;
  /** Further attempts after one that failed or was lost. */
  readonly retries: number;
  readonly timeoutSeconds: number | undefined;
  /** Why it failed or was cancelled; of one that is ready again, why the last attempt failed. */
  readonly reason: string | undefined;
  readonly progress: Progress | undefined;
  readonly createdMs: number;
  readonly startedMs: number | undefined;
  readonly endedMs: number | undefined;
}

export interface AttemptRecord {
  readonly taskId: string;
  readonly runId: string;
  readonly policyId: string;
  /** 1 for the first. */
  readonly number: number;
  readonly state: AttemptState;
  /** Who runs it, in words: host and process, or the name of a job elsewhere. */
  readonly worker: string;
  readonly startedMs: number;
  /** When its worker last said that it lives. */
  readonly aliveMs: number;
  readonly endedMs: number | undefined;
  readonly exitCode: number | undefined;
  readonly error: string | undefined;
}

export interface OutputRecord {
  readonly policyId: string;
  readonly uri: string;
  /** Below the output folder of the policy. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly etag: string;
}

export type LogStream = "stdout" | "stderr" | "worker";

export interface LogLine {
  readonly timeMs: number;
  readonly stream: LogStream;
  /** Without its end. */
  readonly line: string;
}

/** What happens in a run, in the order in which it happened; `at` counts up within the run. */
export type RunEvent = { readonly at: number; readonly timeMs: number } & (
  | ({ readonly policyId: string; readonly attempt: number } & (
      | { readonly type: "started"; readonly worker: string }
      | { readonly type: "progress"; readonly fraction: number; readonly message: string }
      | { readonly type: "log"; readonly stream: LogStream; readonly line: string }
      | { readonly type: "finished" }
      | { readonly type: "failed"; readonly error: string; readonly willRetry: boolean }
      | { readonly type: "cancelled"; readonly reason: string }
    ))
  /** Tasks may start. */
  | { readonly type: "submitted" }
  /** The run has ended; nothing comes after it but a retry. */
  | { readonly type: "ended"; readonly state: RunState }
);

export const eventTypes: readonly RunEvent["type"][] = [
  "submitted",
  "started",
  "progress",
  "log",
  "finished",
  "failed",
  "cancelled",
  "ended",
];

/** What somebody who knows a token may do: `read`; `run`: also make, start, cancel and delete; `admin`: also models and tokens. */
export type TokenRole = (typeof tokenRoles)[number];
export const tokenRoles = ["read", "run", "admin"] as const;

export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly role: TokenRole;
  /** The only models that it is good for; `undefined`: all. */
  readonly models: readonly string[] | undefined;
  readonly createdMs: number;
  /** `undefined`: never. */
  readonly expiresMs: number | undefined;
}
