/** `writeTable`: a frame as one object, whole or not at all; or as a folder of them. */
import { kindOfValue } from "../../error/index.ts";
import type { AnyFrame, DataFrame, TableFormat } from "../../table/index.ts";
import type { Written } from "../../transfer/index.ts";
import type { Address } from "../../uri/index.ts";
import { assertMayReplace, conditionOf, lenient } from "../calls.ts";
import { namedFor } from "../compression.ts";
import type { Context } from "../context.ts";
import type { OnWriteError } from "../options.ts";
import type { PartitionedTable, TableWriteOptions } from "./types.ts";
import { writeOne } from "./write-one.ts";

export async function writeTableOf(
  context: Context,
  to: Address,
  frame: AnyFrame,
  options: TableWriteOptions<TableFormat, OnWriteError> = {} as TableWriteOptions,
): Promise<Written | PartitionedTable | undefined> {
  checkFrame(frame);
  conditionOf(options);
  const { partitionBy } = options;
  if (partitionBy !== undefined) {
    const { writePartitioned } = await import("./write-partitioned.ts");
    return lenient(context, options.onError, async () =>
      writePartitioned(context, await context.place(to, "write"), frame as unknown as DataFrame, partitionBy, options),
    );
  }
  if (options.existing !== undefined)
    throw new TypeError("existing of writeTable() is for the folder of partitionBy: one file is always replaced");
  return lenient(context, options.onError, async () => {
    const compress = options.compress ?? "by-suffix";
    const place = await namedFor(context, await context.place(to, "write"), compress);
    assertMayReplace(context, place);
    return writeOne(context, place, frame as unknown as DataFrame, options);
  });
}

/** TypeError for what is no frame, with the way to one. */
function checkFrame(frame: unknown): asserts frame is DataFrame {
  const given = frame as Partial<DataFrame> & { readonly collect?: unknown; readonly then?: unknown };
  const isObject = (typeof frame === "object" || typeof frame === "function") && frame !== null;
  if (isObject && typeof given.lazy === "function" && typeof given.height === "number") return;
  const hint = !isObject
    ? ""
    : typeof given.then === "function"
      ? ": await it first"
      : typeof given.collect === "function"
        ? ": await its collect() first"
        : Array.isArray(frame)
          ? ": pl.readRecords(rows) makes one"
          : "";
  throw new TypeError(`writeTable() takes a polars DataFrame, not ${kindOfValue(frame)}${hint}`);
}
