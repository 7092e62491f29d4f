/** What a transfer may take at most: it is refused with its own numbers before it does anything. */
import { parseByteSize } from "../depot/index.ts";
import { count, parsed, type ValueOption } from "./option.ts";

export type BudgetOptions = Readonly<Record<"max-requests" | "max-bytes", ValueOption<number>>>;

export const budgetOptions: BudgetOptions = {
  "max-requests": count("N", "do nothing if it would make more requests"),
  "max-bytes": parsed("SIZE", "do nothing if it would copy more, e.g. 20GB", parseByteSize),
};

/** As the verbs take them. */
export function budgetsOf(
  values: Readonly<Record<keyof BudgetOptions, number | undefined>>,
): Readonly<Record<"maxRequests" | "maxBytes", number | undefined>> {
  return { maxRequests: values["max-requests"], maxBytes: values["max-bytes"] };
}
