/** Damaged files of a datamart that are left out: whoever asked for that is told, and a remark stays with the datamart. */
import type { EntrepotError } from "../../error/index.ts";
import type { TableName } from "./known-columns.ts";
import type { Remark } from "./remark.ts";

export function brokenTold(
  table: TableName,
  onBroken: (error: EntrepotError) => void,
  tell: Remark,
): (error: EntrepotError) => void {
  return (error) => {
    const message = `${table}: a damaged file is left out: ${error.message}`;
    tell({ kind: "broken", table, column: undefined, count: 1, example: error.uri, message });
    onBroken(error);
  };
}
