/**
 * Arrow files (Feather version 2) and streams as a frame. A file's columns are read in small groups, with the event loop free in
 * between: polars would do it in its own threads, too, but there a damaged file ends the process.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ReadableFile } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { type DataFrame, engineError, type Polars } from "../engine.ts";
import type { ReadFormats } from "../formats.ts";
import { asked, collect, type Question } from "../read/question.ts";
import { columnsOfCondition } from "../rows/condition.ts";
import { columnsExpr, noColumn } from "../rows/expression.ts";
import { fitted } from "../rows/fit.ts";
import { columnsOf } from "../values/columns-of.ts";
import { exactCast } from "../values/exact-cast.ts";
import { withoutHalves } from "../values/without-halves.ts";
import { checkArrowFile, checkArrowStream, checked } from "./check-arrow.ts";
import { isMissingCode, mendZones, withMissingCodes } from "./mended.ts";

export interface ArrowFile {
  /** A path without characters that mean something in a pattern. */
  readonly path: string;
  readonly uri: string;
  readonly isLarge: boolean;
  readonly file: ReadableFile;
}

/** Bytes of the file that are read in one go. */
const stepBytes = 12 * 1024 * 1024;

/** Errors: malformed, unsupported. */
export async function readArrowFile(
  pl: Polars,
  source: ArrowFile,
  options: ReadFormats["arrow"],
  asking: Question,
): Promise<DataFrame> {
  const { path, uri, isLarge, file } = source;
  try {
    const isStream = await isStreamed(file, uri);
    const bytes = { sizeBytes: file.stat.sizeBytes, read: (start: number, end: number) => rangeOf(file, start, end) };
    const isUnknown = await (isStream ? checkArrowStream : checkArrowFile)(bytes, uri);
    const mended = isUnknown ? await bytesOf(file) : undefined;
    if (mended !== undefined) await checked(uri, async () => mendZones(mended, isStream));
    const whole = isStream || mended !== undefined ? await inMemory(pl, mended ?? file, isStream, uri) : undefined;
    const columns = columnsOf(whole ?? pl.scanIPC(path, options.engine).limit(0).collectSync());
    const names = columns.map(({ name }) => name);
    const question = fitted(asking, names);
    const needed = [...new Set([...(question.columns ?? names), ...columnsOfCondition(question.condition)])];
    for (const name of needed) if (!names.includes(name)) throw noColumn(name, columns, uri);
    const columnBytes = file.stat.sizeBytes / Math.max(1, columns.length);
    const frame =
      whole ??
      (await inGroups(pl, path, needed, columnBytes, options).catch(async (error: unknown) => {
        if (!isMissingCode(error)) throw error;
        return withMissingCodes(pl, await bytesOf(file), isStream, needed, uri);
      }));
    const cast = exactCast(pl, frame, question.types, uri);
    return withoutHalves(pl, await collect(asked(pl, cast.lazy(), columnsOf(cast), question, uri), isLarge));
  } catch (error) {
    // what the engine notices of two columns of one name is that its own numbers do not fit
    if (error instanceof Error && /assertion `left == right` failed/.test(error.message))
      throw inconsistent(uri, error);
    throw engineError(error, uri, "reading");
  }
}

async function inMemory(pl: Polars, source: Buffer | ReadableFile, isStream: boolean, uri: string): Promise<DataFrame> {
  const bytes = Buffer.isBuffer(source) ? source : await bytesOf(source);
  try {
    return isStream ? pl.readIPCStream(bytes) : pl.readIPC(bytes);
  } catch (error) {
    if (!isMissingCode(error)) throw error;
    return withMissingCodes(pl, bytes, isStream, undefined, uri);
  }
}

async function inGroups(
  pl: Polars,
  path: string,
  needed: readonly string[],
  columnBytes: number,
  options: ReadFormats["arrow"],
): Promise<DataFrame> {
  const size = Math.max(1, Math.floor(stepBytes / columnBytes));
  const parts: DataFrame[] = [];
  for (let at = 0; at < needed.length || parts.length === 0; at += size) {
    if (parts.length > 0) await nextTurn();
    const group = columnsExpr(pl, needed.slice(at, at + size));
    parts.push(
      pl
        .scanIPC(path, options.engine)
        .select(...group)
        .collectSync(),
    );
  }
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : pl.concat(parts, { how: "horizontal" });
}

/** Error: unsupported for a format that came before. */
async function isStreamed(file: ReadableFile, uri: string): Promise<boolean> {
  const magic = await readAt(file, 0, 6);
  if (magic.toString("latin1") === "ARROW1") return false;
  if (magic.length >= 4 && magic.readUInt32LE(0) === 0xffffffff) return true;
  if (!magic.toString("latin1").startsWith("FEA1")) throw noArrow(uri);
  throw new EntrepotError("unsupported", `${uri} is a Feather file of version 1`, {
    uri,
    hint: "write it again with pyarrow.feather.write_feather, which makes version 2",
  });
}

function noArrow(uri: string): EntrepotError {
  return new EntrepotError("malformed", `${uri} is no Arrow file: it does not begin like one`, {
    uri,
    hint: "{ format } says what it is, if its name does not",
  });
}

function inconsistent(uri: string, cause: unknown): EntrepotError {
  return new EntrepotError("malformed", `${uri} contradicts itself, or has two columns of one name`, {
    uri,
    cause,
    hint: "name them apart where the file is made: a table has each name once",
  });
}

async function readAt(file: ReadableFile, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, await file.read(bytes, start));
}

/** RangeError for what lies outside of the file. */
async function rangeOf(file: ReadableFile, start: number, end: number): Promise<Buffer> {
  if (start < 0 || end < start || end > file.stat.sizeBytes) throw new RangeError("outside of the file");
  return readAt(file, start, end - start);
}

async function bytesOf(file: ReadableFile): Promise<Buffer> {
  return readAt(file, 0, file.stat.sizeBytes);
}
