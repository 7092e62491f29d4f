/**
 * Parquet from anywhere that gives ranges: the footer first, then only the column chunks that a question needs. They are decoded
 * step by step, with the event loop free in between: polars would do it in its own threads, too, but there a damaged page ends
 * the process.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type DataFrame, engineError, type Polars } from "../engine.ts";
import { columnsOfCondition } from "../rows/condition.ts";
import { columnsExpr, expressionOf } from "../rows/expression.ts";
import { fitted } from "../rows/fit.ts";
import { columnsOf } from "../values/columns-of.ts";
import { exactCast } from "../values/exact-cast.ts";
import { withoutHalves } from "../values/without-halves.ts";
import { type Footer, footerLength, parseFooter, type RowGroup } from "./footer.ts";
import { withKnownSchema } from "./known-schema.ts";
import { emptyFile, miniFile, type Piece } from "./mini-file.ts";
import { type ParquetQuery, planParquet, type Step } from "./plan.ts";
import { timesOfSeconds, withoutArrowSchema } from "./times-of-seconds.ts";

/** One version of a file. */
export interface RangeSource {
  readonly uri: string;
  readonly sizeBytes: number;
  /** Where it lies on this disk, if it does: then polars reads it there. */
  readonly path?: string | undefined;
  /** Its last bytes, as many as came with its size. */
  readonly tail: Uint8Array;
  /** `[start, end)`. Error: changed when it is another version now. */
  read(start: number, end: number): Promise<Uint8Array>;
}

export interface ParquetOptions extends ParquetQuery {
  /** polars' own. */
  readonly engine?: object | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Compressed bytes that are decoded in one go, some 20 ms of work; of a file on this disk more, as each step opens it. */
const stepBytes = 4 * 1024 * 1024;
const localStepBytes = 12 * 1024 * 1024;
/** Steps that are fetched while one is decoded. */
const ahead = 4;

/** Errors: malformed, unsupported, those of `read`. */
export async function readParquet(pl: Polars, file: RangeSource, asked: ParquetOptions): Promise<DataFrame> {
  const { uri } = file;
  const written = await readFooter(file);
  const footer = withKnownSchema(written, uri);
  // where it lies, it is as it was written
  const source = footer === written ? file : { ...file, path: undefined };
  const names = footer.columns.map(({ name }) => name);
  const options = { ...asked, ...fitted(asked, names) };
  const isLocal = source.path !== undefined;
  const groups = planParquet(footer, options, uri, isLocal ? localStepBytes : stepBytes);
  const chosen = options.columns ?? names;
  const steps = groups.flat();
  const seconds = timesOfSeconds(footer);
  const fetches: Promise<readonly Piece[]>[] = [];
  const fetchTo = (end: number) => {
    for (const step of steps.slice(fetches.length, end)) {
      const pieces = piecesOf(source, step);
      // whoever waits for it is told; until then nobody does
      pieces.catch(() => undefined);
      fetches.push(pieces);
    }
  };
  const frames: DataFrame[] = [];
  let rows = 0;
  let index = 0;
  for (const group of groups) {
    if (rows >= (options.limit ?? Number.POSITIVE_INFINITY)) break;
    const parts: DataFrame[] = [];
    for (const step of group) {
      if (!isLocal) fetchTo(index + ahead);
      const isHere = isLocal && step.columns.some((name) => seconds.has(name));
      const pieces = isHere ? await piecesOf(source, step) : ((await fetches[index]) ?? []);
      options.signal?.throwIfAborted();
      if (parts.length + frames.length > 0) await nextTurn();
      parts.push(decoded(pl, footer, step, pieces, chosen, options, seconds, source));
      index += 1;
    }
    const frame = sideBySide(pl, parts);
    rows += frame.height;
    frames.push(frame);
  }
  const [first = emptyFrame(pl, footer, chosen, options, uri)] = frames;
  const whole = frames.length > 1 ? pl.concat(frames, { how: "vertical", rechunk: false }) : first;
  return withoutHalves(pl, limited(whole, options.limit));
}

/** From the last bytes, with one more read where they do not hold all of it. */
export async function readFooter(source: RangeSource): Promise<Footer> {
  const { uri, sizeBytes, tail } = source;
  const length = footerLength(tail, sizeBytes, uri);
  const bytes =
    length + 8 <= tail.byteLength
      ? tail.subarray(tail.byteLength - length - 8, -8)
      : await source.read(sizeBytes - length - 8, sizeBytes - 8);
  return parseFooter(bytes, sizeBytes, uri);
}

async function piecesOf(source: RangeSource, step: Step): Promise<readonly Piece[]> {
  return Promise.all(step.spans.map(async ({ start, end }) => ({ start, bytes: await source.read(start, end) })));
}

function decoded(
  pl: Polars,
  footer: Footer,
  step: Step,
  pieces: readonly Piece[],
  chosen: readonly string[],
  options: ParquetOptions,
  seconds: ReadonlySet<string>,
  { uri, path }: RangeSource,
): DataFrame {
  try {
    const { group, columns: needed, chunks } = step;
    const inMemory = (file: Footer, columns: readonly string[]) =>
      pl.readParquet(miniFile(file, group, chunks, pieces), { ...options.engine, columns: [...columns] });
    const [timed, others] = [needed.filter((name) => seconds.has(name)), needed.filter((name) => !seconds.has(name))];
    const parts = [
      ...(timed.length === 0 ? [] : [inMemory(withoutArrowSchema(footer), timed)]),
      ...(others.length === 0
        ? []
        : [path === undefined ? inMemory(footer, others) : lying(pl, path, footer, others, group, options.engine)]),
    ];
    const frame = sideBySide(pl, parts);
    const ordered = parts.length === 1 ? frame : (frame.select(...columnsExpr(pl, needed)) as DataFrame);
    const cast = exactCast(pl, ordered, options.types, uri);
    if (options.condition === undefined) return cast;
    return cast
      .filter(expressionOf(pl, options.condition, columnsOf(cast), uri))
      .select(...columnsExpr(pl, chosen)) as DataFrame;
  } catch (error) {
    throw engineError(error, uri, "reading");
  }
}

/** Of a file on this disk, which polars reads by itself. */
function lying(
  pl: Polars,
  path: string,
  footer: Footer,
  columns: readonly string[],
  group: RowGroup,
  engine: object | undefined,
): DataFrame {
  const rows = pl
    .scanParquet(path, { ...engine, glob: false, hivePartitioning: false })
    .slice(group.firstRow, group.rows);
  const isAll =
    footer.columns.length === columns.length && footer.columns.every(({ name }, at) => name === columns[at]);
  return (isAll ? rows : rows.select(...columnsExpr(pl, columns))).collectSync();
}

function sideBySide(pl: Polars, parts: readonly DataFrame[]): DataFrame {
  const [first, ...rest] = parts;
  if (first === undefined) throw new TypeError("a row group without a step");
  return rest.length === 0 ? first : pl.concat([...parts], { how: "horizontal" });
}

/** No row group is needed, but the columns and their types are. */
function emptyFrame(
  pl: Polars,
  footer: Footer,
  chosen: readonly string[],
  options: ParquetOptions,
  uri: string,
): DataFrame {
  try {
    const needed = [...new Set([...chosen, ...columnsOfCondition(options.condition)])];
    const frame = exactCast(pl, pl.readParquet(emptyFile(footer), { columns: needed }), options.types, uri);
    // a value that cannot be compared is a mistake, whether or not a row was left to compare it with
    if (options.condition !== undefined) expressionOf(pl, options.condition, columnsOf(frame), uri);
    return frame.select(...columnsExpr(pl, chosen)) as DataFrame;
  } catch (error) {
    throw engineError(error, uri, "reading");
  }
}

function limited(frame: DataFrame, limit: number | undefined): DataFrame {
  return limit === undefined || frame.height <= limit ? frame : frame.head(limit);
}
