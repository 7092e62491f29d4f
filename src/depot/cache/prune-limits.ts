/** What a prune may be told to keep to, from how people write it to numbers. Pure but for the clock. */
import { type Check, type Hint, mistakeInValues } from "../../error/index.ts";
import type { PruneLimits } from "../cache-types.ts";
import type { Context } from "../context.ts";
import { type Checks, isByteSize, isDuration } from "../option-checks.ts";
import { durationMs, parseByteSize } from "../units.ts";

const limitChecks: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    maxBytes: isByteSize,
    olderThan: (value, name, what) =>
      value instanceof Date ? isValidDate(value, name, what) : isDuration(value, name, what),
    unusedFor: isDuration,
  } satisfies Checks),
);
const limitHint: Hint = (name) => (name === "dryRun" ? "options come second: prune(limits, { dryRun })" : undefined);

function isValidDate(value: Date, name: string, what: string): RangeError | undefined {
  return Number.isNaN(value.getTime()) ? new RangeError(`${name} of ${what} is an invalid date`) : undefined;
}

/** TypeError for no limit, for one that there is none of, and for a value that it cannot have; RangeError. */
export function pruneLimits(
  context: Context,
  limits: PruneLimits | undefined,
): {
  readonly maxBytes: number | undefined;
  readonly olderThanMs: number | undefined;
  readonly unusedForMs: number | undefined;
} {
  const mistake = mistakeInValues("cache.prune()", limits ?? {}, limitChecks, { hint: limitHint });
  if (mistake !== undefined) throw mistake;
  const { maxBytes, olderThan, unusedFor } = limits ?? {};
  if (maxBytes === undefined && olderThan === undefined && unusedFor === undefined)
    throw new TypeError("prune needs a limit: maxBytes, olderThan or unusedFor; cache.clear() removes everything");
  const olderThanMs =
    olderThan instanceof Date
      ? context.now() - olderThan.getTime()
      : olderThan === undefined
        ? undefined
        : durationMs(olderThan);
  return {
    maxBytes: maxBytes === undefined ? undefined : parseByteSize(maxBytes),
    olderThanMs,
    unusedForMs: unusedFor === undefined ? undefined : durationMs(unusedFor),
  };
}
