/** What a prune may be told to keep to, from how people write it to numbers. Pure but for the clock. */
import type { Limits } from "../../cache/index.ts";
import { type Check, type Hint, mistakeInValues } from "../../error/index.ts";
import type { PruneLimits } from "../cache-types.ts";
import type { Context } from "../context.ts";
import { limitChecks, limitsOf } from "./limits.ts";

const checks: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    ...limitChecks,
    olderThan: ((value, name, what) =>
      value instanceof Date
        ? isValidDate(value, name, what)
        : limitChecks.olderThan(value, name, what)) satisfies Check,
  }),
);
const hint: Hint = (name) => (name === "dryRun" ? "options come second: prune(limits, { dryRun })" : undefined);

function isValidDate(value: Date, name: string, what: string): RangeError | undefined {
  return Number.isNaN(value.getTime()) ? new RangeError(`${name} of ${what} is an invalid date`) : undefined;
}

/** TypeError for no limit, for one that there is none of, and for a value that it cannot have; RangeError. */
export function pruneLimits(context: Context, given: PruneLimits | undefined): Limits {
  const mistake = mistakeInValues("cache.prune()", given ?? {}, checks, { hint });
  if (mistake !== undefined) throw mistake;
  const { olderThan, ...others } = given ?? {};
  const limits =
    olderThan instanceof Date
      ? { ...limitsOf(others), olderThanMs: context.now() - olderThan.getTime() }
      : limitsOf({ ...others, olderThan });
  if (Object.values(limits).every((limit) => limit === undefined)) {
    const names = "maxBytes, maxObjects, olderThan, unusedFor or minFreeBytes";
    throw new TypeError(`prune needs a limit: ${names}; cache.clear() removes everything`);
  }
  return limits;
}
