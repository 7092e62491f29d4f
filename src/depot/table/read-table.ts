/** `readTable`: one address, or many as one table. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { ColumnChoice, DataFrame, TableFormat } from "../../table/index.ts";
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
    const single = (await isSingle(context, from)) ? await context.place(from as Address, "read") : undefined;
    if (single !== undefined && options.incremental !== undefined)
      throw new TypeError("incremental of readTable() is for many files: a list, a pattern or a folder");
    if (single !== undefined && options.sourceColumn === undefined)
      return readOne(context, single, options, question).catch((error: unknown) => {
        throw isEntrepotError(error, "not-found") && /[*?[{]/.test(single.key) ? noPattern(error) : error;
      });
    const files =
      single === undefined
        ? await tableFiles(context, from, options, question)
        : [{ place: single, etag: undefined, constants: new Map() }];
    const uri = isSources(from) ? `${files[0]?.place.uri} and others` : formatUri(context.locate(from, "read"));
    if (options.incremental === undefined) return readMany(context, files, options, question, uri);
    const { readConsolidated } = await import("./consolidated.ts");
    return readConsolidated(context, files, options.incremental, options, question, uri);
  });
}

function noPattern(error: EntrepotError): EntrepotError {
  return new EntrepotError("not-found", error.message, {
    uri: error.uri,
    cause: error,
    hint: "an address is one file, whatever it is called: data.glob() takes patterns",
  });
}
