/** The table of one object. */

import { compressionsOfName } from "../../codec/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { loadPickle } from "../../format/index.ts";
import {
  columnsOfCondition,
  type DataFrame,
  formatOfName,
  type LineShape,
  loadPolars,
  type Polars,
  pickledTable,
  type Question,
  type RangeSource,
  type ReadFormats,
  readArrowFile,
  readCsvFile,
  readJsonFile,
  readParquet,
  type TableFormat,
} from "../../table/index.ts";
import { signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import type { OnError } from "../options.ts";
import { checkReadFormat } from "./question.ts";
import { fileRanges, openRanges } from "./range-source.ts";
import { chunksOfPath, linesOfFile, stage, withoutBlankLines } from "./staging.ts";
import type { TableReadOptions } from "./types.ts";

/** Bytes of text from which on the event loop must be free while it is read. */
const largeBytes = 8 * 1024 * 1024;

export type ReadOneOptions = TableReadOptions<TableFormat, never, OnError> | TableReadOptions;
type Options = ReadOneOptions;
type Fields = Partial<ReadFormats["csv"] & ReadFormats["jsonl"] & ReadFormats["parquet"]>;

export async function readOne(
  context: Context,
  place: Place,
  options: Options,
  question: Question,
): Promise<DataFrame> {
  const { format, delimiter } = formatOfName(place.key, options.format, place.uri);
  checkReadFormat(format, options);
  const pl = await loadPolars();
  const given = options as Options & Fields;
  switch (format) {
    case "csv":
      return readText(context, pl, place, format, { delimiter, ...defined(given) } as typeof given, question);
    case "jsonl":
    case "json":
      return readText(context, pl, place, format, given, question);
    case "parquet":
      return readRanges(context, pl, place, given, question);
    case "arrow": {
      return using(await stage(context, place, given), async ({ path, sizeBytes }) => {
        const file = await context.disk.openRead(path, { followLinks: true });
        try {
          const isLarge = sizeBytes > largeBytes;
          return await readArrowFile(
            pl,
            { path, uri: place.uri, isLarge, file },
            given as ReadFormats["arrow"],
            question,
          );
        } finally {
          await file.close();
        }
      });
    }
    case "pickle":
      return readPickled(context, pl, place, given, question);
  }
}

async function readText(
  context: Context,
  pl: Polars,
  place: Place,
  format: "csv" | "jsonl" | "json",
  options: Options & Fields,
  question: Question,
): Promise<DataFrame> {
  const text = { format, encoding: options.encoding };
  const staged = await stage(context, place, { ...options, text, head: headOf(format, options, question) });
  return using(staged, async ({ path, sizeBytes }) => {
    const signal = signalOf(context, options);
    const isLarge = sizeBytes > largeBytes;
    if (format !== "csv") {
      if (sizeBytes === 0) return withoutLines(pl, question, place.uri);
      const chunks = () => chunksOfPath(context, path, signal);
      const unit = format === "json" ? ("value" as const) : ("line" as const);
      const file = { path, uri: place.uri, isLarge, chunks, unit };
      return readJsonFile(pl, file, options as ReadFormats["jsonl"], question);
    }
    const read = async (at: string, isClean: boolean): Promise<DataFrame> => {
      const file = {
        path: at,
        uri: place.uri,
        isLarge,
        countLines: () => linesOfFile(context, at, signal),
        chunks: () => chunksOfPath(context, at, signal),
        written: () => chunksOfPath(context, path, signal),
        readWithoutBlankLines: async (shape: LineShape) => {
          if (isClean) return undefined;
          const clean = await withoutBlankLines(context, { path: at, uri: place.uri }, shape, signal);
          return clean === undefined ? undefined : using(clean, (copy) => read(copy.path, true));
        },
      };
      return readCsvFile(pl, file, options as ReadFormats["csv"], question);
    };
    return read(path, false);
  });
}

/** A file without a line has no columns, so that none can be asked for. */
function withoutLines(pl: Polars, { columns, condition, isPartial }: Question, uri: string): DataFrame {
  const [name] = isPartial === true ? [] : [...(columns ?? []), ...columnsOfCondition(condition)];
  if (name === undefined) return pl.DataFrame({}) as DataFrame;
  throw new EntrepotError("malformed", `${uri} has no column ${JSON.stringify(name)}`, { uri, hint: "it is empty" });
}

/** Rows of text from which on all of it is read, whatever is asked for. */
const manyRows = 100_000;

/** What is enough to answer, when it is the first rows. */
function headOf(format: "csv" | "jsonl" | "json", options: Fields, { condition, limit }: Question) {
  const { header = true, skipRows, comment, quote } = options;
  if (limit === undefined || limit > manyRows || condition !== undefined || format === "json") return undefined;
  const records = Math.max(1, limit + (format === "csv" && header ? 1 : 0));
  // the lines that errors name are those of the file
  return { records, shape: { quote, comment, skipRows, keepBlank: true } };
}

async function readRanges(
  context: Context,
  pl: Polars,
  place: Place,
  options: Options & Fields,
  question: Question,
): Promise<DataFrame> {
  const signal = signalOf(context, options);
  const { rowGroups, engine } = options as ReadFormats["parquet"];
  const read = (source: RangeSource) => readParquet(pl, source, { ...question, rowGroups, engine, signal });
  const asksForParts =
    question.columns !== undefined ||
    question.condition !== undefined ||
    question.limit !== undefined ||
    rowGroups !== undefined;
  const isPlain =
    options.decompress === false || (options.decompress ?? "by-suffix") === "by-suffix"
      ? compressionsOfName(place.key).length === 0
      : false;
  if (asksForParts && isPlain && place.location.scheme !== "file") {
    const ranges = await openRanges(context, place, options);
    if (ranges !== undefined) return using(ranges, ({ source }) => read(source));
  }
  return using(await stage(context, place, options), async (staged) => {
    const ranges = await fileRanges(context.disk, staged.path, place.uri, async () => undefined);
    return using(ranges, ({ source }) => read(source));
  });
}

/** All of it is needed, whatever is asked for: a pickle says only in the end what is in it. */
async function readPickled(
  context: Context,
  pl: Polars,
  place: Place,
  options: Options,
  question: Question,
): Promise<DataFrame> {
  const { keptPickleOf } = await loadPickle();
  const { limits } = options as ReadFormats["pickle"];
  const bytes = await using(await stage(context, place, options), async ({ path }) => {
    return (await context.disk.readFile(path, { followLinks: true })).bytes;
  });
  return pickledTable(pl, keptPickleOf(bytes, { limits, uri: place.uri }), question, place.uri);
}

async function using<R extends { close(): Promise<void>; check?(cause?: unknown): Promise<void> }, T>(
  resource: R,
  use: (resource: R) => Promise<T>,
): Promise<T> {
  try {
    const result = await use(resource).catch(async (error: unknown) => {
      // what two versions make together may look like damage
      await resource.check?.(error);
      throw error;
    });
    await resource.check?.();
    return result;
  } finally {
    await resource.close();
  }
}

function defined(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
