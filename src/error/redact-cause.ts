/**
 * What the layer below said, fit to be printed: Node shows an uncaught error with all its causes. A cause without a secret
 * stays the very same value; one with a secret is replaced by a copy that says so.
 */
import { inspect } from "node:util";
import { redact } from "./redact.ts";

/** How many causes of causes are looked at. */
const maxDepth = 8;

/** The cause itself, or a copy without its secrets that keeps name, message, stack, `code` and its own cause. */
export function redactCause(cause: unknown, depth = 0): unknown {
  if (typeof cause === "string") return redact(cause);
  if (typeof cause !== "object" || cause === null) return cause;
  if (!(cause instanceof Error)) return isClean(inspect(cause)) ? cause : redact(inspect(cause));
  if (cause.name === "EntrepotError") return cause;
  const below = depth < maxDepth && cause.cause !== undefined ? redactCause(cause.cause, depth + 1) : undefined;
  if (below === (depth < maxDepth ? cause.cause : undefined) && isClean(textOf(cause))) return cause;
  const copy = new Error(redact(cause.message), below === undefined ? undefined : { cause: below });
  if (cause.stack !== undefined) copy.stack = redact(cause.stack);
  Object.defineProperty(copy, "name", { value: cause.name, configurable: true, writable: true });
  return "code" in cause ? Object.assign(copy, { code: cause.code }) : copy;
}

function isClean(text: string): boolean {
  return redact(text) === text;
}

/** Everything of an error that would be printed, its cause excepted. */
function textOf(error: Error): string {
  const { cause: _, ...fields } = error;
  const rest = Object.keys(fields).length === 0 ? "" : inspect(fields, { depth: 3 });
  return `${error.message}\n${error.stack ?? ""}\n${rest}`;
}
