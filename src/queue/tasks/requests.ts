/** What a caller asks for, checked, and as pg-boss wants it. */
import { EntrepotError } from "../../error/index.ts";
import type { TaskOptions, TaskRequest } from "./task.ts";

/** The longest that pg-boss lets an attempt take, seconds. */
const longestSeconds = 86_399;
/** A longer wait between attempts than this is not doubled further, seconds. */
const longestRetrySeconds = 3_600;

export interface JobOptions {
  readonly retryLimit: number;
  readonly retryDelay: number;
  readonly retryBackoff: boolean;
  readonly retryDelayMax?: number;
  readonly expireInSeconds: number;
  readonly priority: number;
  readonly startAfter?: number;
  readonly group?: { readonly id: string };
}

export function jobOptions(options: TaskOptions): JobOptions {
  const { retries = 2, retrySeconds = 1, timeoutSeconds, priority = 0, delaySeconds = 0, group } = options;
  checkCount("retries", retries, 0);
  checkCount("retrySeconds", retrySeconds, 0);
  if (timeoutSeconds !== undefined) checkCount("timeoutSeconds", timeoutSeconds, 1, longestSeconds);
  checkCount("delaySeconds", delaySeconds, 0);
  if (!Number.isSafeInteger(priority)) throw new RangeError("priority must be a whole number");
  return {
    retryLimit: retries,
    retryDelay: retrySeconds,
    retryBackoff: retrySeconds > 0,
    ...(retrySeconds > 0 ? { retryDelayMax: Math.max(longestRetrySeconds, retrySeconds) } : {}),
    expireInSeconds: timeoutSeconds ?? longestSeconds,
    priority,
    ...(delaySeconds > 0 ? { startAfter: delaySeconds } : {}),
    ...(group === undefined ? {} : { group: { id: group } }),
  };
}

/** A default holds for what is not said, and for what is said to be `undefined`. */
export function withoutUndefined(options: TaskOptions): TaskOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

export function checkName(name: string): void {
  if (!/^[\w./-]{1,100}$/.test(name))
    throw new RangeError(`${JSON.stringify(name)} is no name of a queue: letters, digits, - _ . / only, at most 100`);
}

/** As `send` gives them: another spelling of the same number would not be found again. */
const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Error: misconfigured, for what is no id of a task. */
export function checkId(id: unknown): string {
  if (typeof id === "string" && idForm.test(id)) return id;
  throw new EntrepotError("misconfigured", `${JSON.stringify(id) ?? String(id)} is no id of a task`, {
    hint: "give what send() gave: a UUID in lower case, such as crypto.randomUUID() makes",
  });
}

/** Every name in `after` is one of the tasks, and none comes, in the end, after itself. */
export function checkTasks(tasks: Readonly<Record<string, TaskRequest>>): void {
  const done = new Set<string>();
  for (const [name, { after = [] }] of Object.entries(tasks)) {
    const unknown = after.find((other) => !Object.hasOwn(tasks, other));
    if (unknown !== undefined)
      throw new RangeError(`Task ${name} comes after ${unknown}, which is not among the tasks`);
  }
  for (let left = Object.keys(tasks); left.length > 0; ) {
    const next = left.filter((name) => !(tasks[name]?.after ?? []).every((other) => done.has(other)));
    if (next.length === left.length) throw new RangeError(`These tasks come after one another: ${left.join(", ")}`);
    for (const name of left) if (!next.includes(name)) done.add(name);
    left = next;
  }
}

function checkCount(name: string, value: number, least: number, most: number = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`;
  throw new RangeError(`${name} must be a whole number, ${bounds}, not ${String(value)}`);
}
