/** What an attempt may be said to have ended in; checked at run time, too, since what is not known as a failure would count as done. */
import { mistakeIn, shownValue } from "../../../error/index.ts";
import type { Outcome } from "../run-store.ts";

const names: Readonly<Record<Outcome["state"], ReadonlySet<string>>> = {
  done: new Set(["state", "exitCode", "outputs"]),
  failed: new Set(["state", "error", "exitCode", "mayRetry"]),
  released: new Set(["state", "error"]),
};

/** TypeError, with the name that was probably meant. */
export function checkOutcome(outcome: Outcome): void {
  const state: unknown = outcome?.state;
  if (typeof state !== "string" || !Object.hasOwn(names, state))
    throw new TypeError(`The state of an outcome is ${Object.keys(names).join(", ")}, not ${shownValue(state)}`);
  const mistake = mistakeIn("tasks.end()", outcome, names[outcome.state]);
  if (mistake !== undefined) throw mistake;
}
