/** `readTable`: one address, or many as one table. */
import type { ColumnChoice, DataFrame, TableFormat } from "../../table/index.ts";
import type { Address } from "../../uri/index.ts";
import { lenient } from "../calls.ts";
import type { Context } from "../context.ts";
import type { Sources } from "../entries.ts";
import type { OnError } from "../options.ts";
import { questionOf } from "./question.ts";
import { readOne } from "./read-one.ts";
import type { TableReadOptions } from "./types.ts";

export async function readTableOf(
  context: Context,
  from: Address | Sources,
  options: TableReadOptions<TableFormat, ColumnChoice, OnError> = {},
): Promise<DataFrame | undefined> {
  const question = questionOf(options);
  return lenient(context, options.onError, async () =>
    readOne(context, await context.place(from as Address, "read"), options, question),
  );
}
