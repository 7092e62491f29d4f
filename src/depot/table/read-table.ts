/** `readTable`: one address, or many as one table. */
import { type ColumnChoice, type DataFrame, loadPolars, type TableFormat, withConstants } from "../../table/index.ts";
import { type Address, formatUri } from "../../uri/index.ts";
import { isSources } from "../address-kind.ts";
import { lenient } from "../calls.ts";
import type { Context } from "../context.ts";
import type { Sources } from "../entries.ts";
import type { OnError } from "../options.ts";
import { isSingle, tableFiles } from "./files.ts";
import { questionOf } from "./question.ts";
import { readMany } from "./read-many.ts";
import { readOne } from "./read-one.ts";
import type { TableReadOptions } from "./types.ts";

export async function readTableOf(
  context: Context,
  from: Address | Sources,
  options: TableReadOptions<TableFormat, ColumnChoice, OnError> = {},
): Promise<DataFrame | undefined> {
  const question = questionOf(options);
  return lenient(context, options.onError, async () => {
    if (await isSingle(context, from)) {
      const place = await context.place(from as Address, "read");
      const frame = await readOne(context, place, options, question);
      return options.sourceColumn === undefined ? frame : named(frame, options.sourceColumn, place.uri);
    }
    const files = await tableFiles(context, from, options, question);
    const uri = isSources(from) ? `${files[0]?.place.uri} and others` : formatUri(context.locate(from, "read"));
    if (options.incremental === undefined) return readMany(context, files, options, question, uri);
    const { readConsolidated } = await import("./consolidated.ts");
    return readConsolidated(context, files, options.incremental, options, question, uri);
  });
}

async function named(frame: DataFrame, column: string, uri: string): Promise<DataFrame> {
  const constants = new Map([[column, { kind: { kind: "string" }, value: uri } as const]]);
  return withConstants(await loadPolars(), frame, constants);
}
