/** A frame as a folder of files, one for each value of some columns, named as Hive names them: `year=2024/part-0.parquet`. */
import { type DataFrame, loadPolars, type Partition, partitioned, type TableFormat } from "../../table/index.ts";
import type { Written } from "../../transfer/index.ts";
import { lookAhead } from "../../transfer/index.ts";
import { assertMayReplace } from "../calls.ts";
import { namedFor } from "../compression.ts";
import type { Context, Place } from "../context.ts";
import { uriOfKey } from "../listing.ts";
import type { OnWriteError } from "../options.ts";
import type { PartitionedTable, TableWriteOptions } from "./types.ts";
import { writeOne } from "./write-one.ts";

/** Files under way at once. */
const width = 4;

/** `place` is the folder. Each file is written whole or not at all; the first failure ends the rest. */
export async function writePartitioned(
  context: Context,
  place: Place,
  frame: DataFrame,
  by: readonly string[],
  options: TableWriteOptions<TableFormat, OnWriteError>,
): Promise<PartitionedTable> {
  const pl = await loadPolars();
  const { format = "parquet", compress = "by-suffix", partitionBy: _, ...rest } = options;
  const folder = place.key === "" || place.key.endsWith("/") ? place.key : `${place.key}/`;
  const write = async ({ path, frame: part }: Partition) => {
    const key = `${folder}${path}part-0.${format}`;
    const file = await context.place(uriOfKey(place, key), "write");
    const named = await namedFor(context, file, compress);
    assertMayReplace(context, named);
    return writeOne(context, named, part, { ...rest, compress, format } as TableWriteOptions);
  };
  const files: Written[] = [];
  for await (const written of lookAhead(partitioned(pl, frame, by, place.uri), { places: width }, write))
    files.push(written);
  return { uri: uriOfKey(place, folder), files };
}
