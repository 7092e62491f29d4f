/** A fault as the line that `parseFaults` reads. */
import { decimal, writeDuration } from "./amounts.ts";
import { checkFault } from "./check-fault.ts";
import { effectNameOf, effectNames } from "./effect-uses.ts";
import { effectValues } from "./effect-values.ts";
import type { Fault, FaultEffect, TextPattern } from "./fault.ts";

/**
 * The shortest line that means the same, e.g. `GET data/** 503 SlowDown x3`. Errors: TypeError for a fault that could never do
 * anything, and for one with `until`: a function has no text.
 */
export function formatFault(fault: Fault): string {
  checkFault("the fault of formatFault()", fault);
  if (fault.until !== undefined)
    throw new TypeError("a fault with until cannot be written as a line: it is a function");
  const { method, operation, bucket, key, query, header, after, times, probability, forMs } = fault;
  return [
    operation ?? method,
    writeTarget(key, operation === undefined && method === undefined),
    writeEffect(fault.effect),
    bucket === undefined ? undefined : `bucket ${writePattern(bucket)}`,
    ...writePairs("query", query),
    ...writePairs("header", header),
    after === undefined || after === 0 ? undefined : `after ${after}`,
    probability === undefined ? undefined : `${decimal(Number((probability * 100).toPrecision(15)))}%`,
    forMs === undefined ? undefined : `for ${writeDuration(forMs)}`,
    times === undefined ? undefined : times === Number.POSITIVE_INFINITY ? "always" : `x${times}`,
  ]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
}

function writeTarget(key: TextPattern | undefined, first: boolean): string | undefined {
  if (key === undefined) return first ? "*" : undefined;
  const text = writePattern(key);
  return first ? `* ${text}` : text;
}

/** Quoted where it would be read as something else. */
function writePattern(pattern: TextPattern): string {
  if (typeof pattern !== "string") return withoutBlanks(String(pattern));
  const plain = /^[^\s"#=\p{Cc}]+$/u.test(pattern) && !/^(?:\/.*|\*{1,2}|s3:\/\/.*|\d{3}|true)$/.test(pattern);
  return plain && !effectNames.some((name) => effectValues[name].word === pattern) ? pattern : JSON.stringify(pattern);
}

/** Blanks part words. One may be escaped already, and so may the backslash before it. */
function withoutBlanks(expression: string): string {
  return expression.replace(/\\?\s|\\./g, (unit) => {
    const char = unit.slice(-1);
    return /\s/.test(char) ? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}` : unit;
  });
}

function writeEffect(effect: FaultEffect): string {
  const name = effectNameOf(effect);
  const { word, write } = effectValues[name];
  const value = write((effect as Readonly<Record<string, unknown>>)[name] as never);
  if (!("status" in effect)) return value === "" ? word : `${word} ${value}`;
  const { code, retryAfterSeconds, carriedOut } = effect;
  const wait = retryAfterSeconds === undefined ? undefined : `retry-after ${writeDuration(retryAfterSeconds * 1000)}`;
  return [value, code, wait, carriedOut === true ? "carried-out" : undefined]
    .filter((one) => one !== undefined)
    .join(" ");
}

function writePairs(kind: string, wanted: Fault["query"]): string[] {
  return Object.entries(wanted ?? {}).map(([name, pattern]) => {
    if (!/^[^\s"#=\p{Cc}]+$/u.test(name)) {
      throw new TypeError(`a fault for the ${kind} ${JSON.stringify(name)} cannot be written as a line`);
    }
    return pattern === true ? `${kind} ${name}` : `${kind} ${name}=${writePattern(pattern)}`;
  });
}
