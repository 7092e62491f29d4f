/** What the operands of a command name: one table, or several files as one. */
import type { Depot, Sources } from "../../../depot/index.ts";
import { UsageError } from "../../usage-error.ts";

/** UsageError for `-`: how a stream is written, no name says. */
export function sourceOf(depot: Depot, operands: readonly string[], isPattern: boolean): string | Sources {
  refuseStream(operands);
  if (isPattern) return depot.glob(operands);
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : operands;
}

/** A file of that name is `./-`. */
export function refuseStream(operands: readonly string[]): void {
  if (operands.includes("-"))
    throw new UsageError(
      "a table is no stream: - stands for none here",
      "entrepot cp - FILE makes a file of it; ./- is a file",
    );
}
