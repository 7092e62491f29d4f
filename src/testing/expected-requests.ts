/** Holds a log against the counts that a test expects, and tells the difference: the counts side by side, each request on a line. */
import type { AssertionError } from "node:assert";
import type { RecordedRequest } from "../server/index.ts";
import { isMethod } from "./request-match.ts";

/**
 * How many requests of each kind, by operation (`{ GetObject: 2, HeadObject: 1 }`) or by method (`{ GET: 2, HEAD: 1 }`). What is
 * not named is not to come at all.
 */
export type RequestCounts = Readonly<Record<string, number>>;

/** What is wrong. */
export interface UnexpectedRequests {
  readonly message: string;
  /** Counts as seen and as expected, in the same order: what a runner shows as a difference. */
  readonly actual: RequestCounts;
  readonly expected: RequestCounts;
  /** Its stack begins at the caller of `claim`: the line of the test. */
  error(claim: (counts: RequestCounts) => void): AssertionError;
}

const mostLines = 100;

/** `undefined` when it is as expected. Error: TypeError for misspelt counts. */
export function unexpectedRequests(
  requests: readonly RecordedRequest[],
  counts: RequestCounts,
): UnexpectedRequests | undefined {
  const byMethod = countsByMethod(counts);
  const seen = new Map<string, number>();
  for (const { method, operation } of requests) {
    // One that was refused before its operation was known.
    const name = byMethod ? method : (operation ?? method);
    seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  const wanted = Object.entries(counts).filter(([, count]) => count > 0);
  if (wanted.length === seen.size && wanted.every(([name, count]) => seen.get(name) === count)) return undefined;
  const actual = Object.fromEntries([...seen].sort());
  const expected = Object.fromEntries(wanted.sort());
  const message = `expected ${countsText(expected)}, but ${countsText(actual)} came${listing(requests)}`;
  return {
    message,
    actual,
    expected,
    error: (claim) => {
      // Loaded by who needs it: a test that passes does not.
      const { AssertionError } = process.getBuiltinModule("node:assert");
      return new AssertionError({ message, actual, expected, operator: "expectRequests", stackStartFn: claim });
    },
  };
}

/** A request on one line: `GetObject b/k 206 bytes=0-4`. */
export function requestLine({ method, operation, bucket, key, status, errorCode, range }: RecordedRequest): string {
  const address = key === "" ? bucket : `${bucket}/${key}`;
  const shown = /^[\x21-\x7e]*$/.test(address) ? address : JSON.stringify(address);
  const answer = status === 0 ? "(no answer yet)" : String(status);
  return [operation ?? method, shown, answer, errorCode, range]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
}

/** The log as lines below a message. */
export function listing(requests: readonly RecordedRequest[]): string {
  const lines = requests.slice(0, mostLines).map((request) => `\n  ${requestLine(request)}`);
  const rest = requests.length - lines.length;
  return `${requests.length === 0 ? "" : ":"}${lines.join("")}${rest > 0 ? `\n  … and ${rest} more` : ""}`;
}

function countsText(counts: RequestCounts): string {
  const entries = Object.entries(counts);
  return entries.length === 0 ? "no request" : entries.map(([name, count]) => `${count} ${name}`).join(", ");
}

function countsByMethod(counts: RequestCounts): boolean {
  const kinds = new Set<boolean>();
  if (typeof counts !== "object" || counts === null) throw new TypeError("expected counts such as { GetObject: 2 }");
  for (const [name, count] of Object.entries(counts)) {
    kinds.add(isMethod("expected requests", name));
    if (Number.isSafeInteger(count) && count >= 0) continue;
    throw new TypeError(`expected requests: the count of ${name} is a whole number from 0 up, not ${String(count)}`);
  }
  if (kinds.size > 1)
    throw new TypeError("expected requests are all by method (GET, PUT) or all by operation (GetObject, PutObject)");
  return kinds.has(true);
}
