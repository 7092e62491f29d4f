/** What the operands of a command name: one table, or several files as one. */
import type { Depot, Sources } from "../../../depot/index.ts";

export function sourceOf(depot: Depot, operands: readonly string[], isPattern: boolean): string | Sources {
  if (isPattern) return depot.glob(operands);
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : operands;
}
