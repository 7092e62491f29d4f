/** A frame as a folder of files, one for each value of some columns, named as Hive names them: `year=2024/part-0.parquet`. */
import { EntrepotError } from "../../error/index.ts";
import { type DataFrame, loadPolars, type Partition, partitioned, type TableFormat } from "../../table/index.ts";
import type { Written } from "../../transfer/index.ts";
import { lookAhead } from "../../transfer/index.ts";
import { assertMayReplace, signalOf } from "../calls.ts";
import { namedFor } from "../compression.ts";
import type { Context, Place } from "../context.ts";
import { filterOf } from "../filters/filter.ts";
import { uriOfKey } from "../listing.ts";
import { namedObjects } from "../many/named-objects.ts";
import { removeOf } from "../moving.ts";
import type { OnWriteError, SignalOptions } from "../options.ts";
import { isPartOfTable } from "./files.ts";
import type { PartitionedTable, TableWriteOptions } from "./types.ts";
import { writeOne } from "./write-one.ts";

/** Files under way at once. */
const width = 4;

/**
 * `place` is the folder. Each file is written whole or not at all; the first failure ends the rest, and with it what was there stays.
 * Error: not-empty.
 */
export async function writePartitioned(
  context: Context,
  place: Place,
  frame: DataFrame,
  by: readonly string[],
  options: TableWriteOptions<TableFormat, OnWriteError>,
): Promise<PartitionedTable> {
  const pl = await loadPolars();
  const { format = "parquet", compress = "by-suffix", existing = "refuse", partitionBy: _, ...rest } = options;
  const folder = place.key === "" || place.key.endsWith("/") ? place.key : `${place.key}/`;
  const write = async ({ path, frame: part }: Partition) => {
    const key = `${folder}${path}part-0.${format}`;
    const file = await context.place(uriOfKey(place, key), "write");
    const named = await namedFor(context, file, compress);
    assertMayReplace(context, named);
    return writeOne(context, named, part, { ...rest, compress, format } as TableWriteOptions);
  };
  const uri = uriOfKey(place, folder);
  const parts = partitioned(pl, frame, by, place.uri);
  const before = existing === "merge" ? [] : await filesIn(context, uri, options);
  if (existing === "refuse" && before.length > 0) throw notEmpty(uri, before[0] ?? "");
  const files: Written[] = [];
  for await (const written of lookAhead(parts, { places: width }, write)) files.push(written);
  const now = new Set(files.map((file) => file.uri));
  const old = before.filter((each) => !now.has(each));
  if (old.length > 0) await removeOf(context, old, { signal: options.signal });
  return { uri, files };
}

/** Those that would be read as parts of the table. */
async function filesIn(context: Context, folder: string, options: SignalOptions): Promise<readonly string[]> {
  const found: string[] = [];
  const filter = await filterOf({}, context.now());
  for await (const { place, path } of namedObjects(context, folder, { filter, signal: signalOf(context, options) }))
    if (isPartOfTable(path)) found.push(place.uri);
  return found;
}

function notEmpty(folder: string, file: string): EntrepotError {
  return new EntrepotError("not-empty", `${folder} holds ${file}, which would be read with what is written now`, {
    uri: folder,
    hint: '{ existing: "replace" } removes it when the new files are written, { existing: "merge" } leaves it unless it has the same values',
  });
}
