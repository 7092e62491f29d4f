/** What answers hold, as shapes: the components of the document, which the tests hold real answers against. */
import { attemptStates, runStates, taskStates, tokenRoles } from "../../store/index.ts";
import { choice, decimal, flag, json, list, object, optional, record, type Shape, text, whole } from "./shape.ts";

const most = Number.MAX_SAFE_INTEGER;
const word: Shape<string> = text({ max: 10_000 });
const id: Shape<string> = text({ min: 1, max: 200 });
const count: Shape<number> = whole(0, most);
const timeMs: Shape<number> = decimal;
const many = { max: 1_000_000 };

export const program: Shape<unknown> = object({
  command: list(text({ max: 100_000 }), { min: 1, max: 1_000 }),
  dir: optional(text({ min: 1, max: 4_096 })),
  image: optional(text({ min: 1, max: 4_096 })),
  env: optional(record(text({ max: 100_000 }))),
});

const model = object({
  name: id,
  description: word,
  createdMs: timeMs,
  version: optional(id),
  versions: count,
  runs: count,
});
const modelVersion = object({
  model: id,
  version: id,
  description: word,
  program,
  deployedMs: timeMs,
  snapshots: word,
});

const summary = {
  id,
  model: id,
  version: id,
  name: word,
  description: word,
  state: choice(runStates),
  tasks: object({ waiting: count, ready: count, running: count, done: count, failed: count, cancelled: count }),
  policyCount: count,
  createdMs: timeMs,
  startedMs: optional(timeMs),
  endedMs: optional(timeMs),
  lastEvent: count,
};
const runSummary = object(summary);
const run = object({
  ...summary,
  options: record(json),
  policies: list(id, many),
  stackingOrder: list(word, many),
  baseline: optional(id),
  baselineFirst: flag,
  retries: count,
  timeoutSeconds: optional(count),
  service: optional(word),
  etag: text({ min: 64, max: 64 }),
});

const file = object({
  runId: id,
  policyId: optional(id),
  name: id,
  type: text({ max: 200 }),
  isText: flag,
  sizeBytes: count,
  sha256: text({ min: 64, max: 64 }),
  changedMs: timeMs,
});
const task = object({
  id,
  runId: id,
  policyId: id,
  state: choice(taskStates),
  isBaseline: flag,
  attempts: count,
  failures: count,
  retries: count,
  timeoutSeconds: optional(count),
  reason: optional(text({ max: 100_000 })),
  progress: optional(object({ fraction: decimal, message: word, timeMs })),
  createdMs: timeMs,
  startedMs: optional(timeMs),
  endedMs: optional(timeMs),
});
const attempt = object({
  taskId: id,
  runId: id,
  policyId: id,
  number: count,
  state: choice(attemptStates),
  worker: word,
  startedMs: timeMs,
  aliveMs: timeMs,
  endedMs: optional(timeMs),
  exitCode: optional(decimal),
  error: optional(text({ max: 100_000 })),
});
const output = object({ policyId: id, uri: word, path: word, sizeBytes: count, etag: word });
const token = object({
  id,
  name: word,
  role: choice(tokenRoles),
  models: optional(list(id, many)),
  createdMs: timeMs,
  expiresMs: optional(timeMs),
});
const cell = json;
const preview = object({
  kind: choice(["table", "text", "image", "none"]),
  columns: optional(list(object({ name: word, type: word }), many)),
  rows: optional(list(list(cell, many), many)),
  text: optional(text({ max: 1_000_000 })),
  isWhole: optional(flag),
  reason: optional(word),
  needs: optional(word),
});
const session = object({
  name: word,
  role: choice(["none", ...tokenRoles]),
  models: optional(list(id, many)),
  isReadOnly: flag,
});
const cache = object({
  isEnabled: flag,
  objects: count,
  sizeBytes: count,
  ranges: object({ objects: count, sizeBytes: count }),
});

/** By the name that the document gives them. */
export const records: Readonly<
  Record<
    | "Model"
    | "ModelVersion"
    | "RunSummary"
    | "Run"
    | "File"
    | "Task"
    | "Attempt"
    | "Output"
    | "Token"
    | "Preview"
    | "Session"
    | "Cache",
    Shape<unknown>
  >
> = {
  Model: model,
  ModelVersion: modelVersion,
  RunSummary: runSummary,
  Run: run,
  File: file,
  Task: task,
  Attempt: attempt,
  Output: output,
  Token: token,
  Preview: preview,
  Session: session,
  Cache: cache,
};

/** A page of one of them. */
export function pageOf(name: keyof typeof records): Shape<unknown> {
  return object({ items: list(records[name], { max: 1_000 }), next: optional(word) });
}

/** A list of one of them. */
export function listOf(name: keyof typeof records): Shape<unknown> {
  return list(records[name], many);
}
