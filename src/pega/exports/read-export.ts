/** What Pega exported as a table, in whatever shape it came. */
import { entrepot } from "../../depot/index.ts";
import {
  type Check,
  type EntrepotError,
  isFilledString,
  isFunction,
  isOneOf,
  isSignal,
  isString,
  mistakeInValues,
  wrongValue,
} from "../../error/index.ts";
import type { Frame } from "../../table/index.ts";
import { localFolder } from "../repository/local-folder.ts";
import { readKept } from "./consolidated/read-kept.ts";
import type { ExportFile } from "./read/export-file.ts";
import { readAll } from "./read/read-all.ts";
import type { ReadSettings } from "./read/read-files.ts";
import { toldOnce } from "./read/read-sound.ts";
import { Scratch } from "./read/spool.ts";
import { exportsOf } from "./sources.ts";
import type { ExportSource, ReadExportOptions } from "./types.ts";

const isDepot: Check = (value, name, what) =>
  typeof value === "object" && value !== null && "readTable" in value
    ? undefined
    : wrongValue(name, what, "what entrepot() gives", value);
const isLocalPath: Check = (value, name, what) =>
  (typeof value === "string" && value !== "") || value instanceof URL
    ? undefined
    : wrongValue(name, what, "a path or a file: URL", value);
const checks: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    data: isDepot,
    table: isString,
    files: isOneOf(["newest", "all"]),
    sourceColumn: isFilledString,
    incremental: isLocalPath,
    onBroken: isFunction,
    signal: isSignal,
  }),
);

/**
 * An export as a polars frame, its columns as they are called there: a zip (its `data.json`, at the top or the only one below, else the
 * only export in it), compressed or plain JSON lines, a JSON array, `{ "pxResults": [...] }`, CSV (`NA`, `N/A` and `NULL` are missing
 * values, ids of models are text, ISO dates are dates), Parquet, Arrow. What it is, its bytes say. Of a folder the newest export is read;
 * many are one table with the union of their columns, in their order. Errors: not-found, malformed, unsupported, missing-peer without
 * nodejs-polars.
 */
export async function readExport(from: ExportSource, options: ReadExportOptions = {}): Promise<Frame> {
  const mistake = mistakeInValues("readExport()", options, checks);
  if (mistake !== undefined) throw mistake;
  const isBytes = from instanceof Uint8Array || from instanceof ArrayBuffer;
  if (isBytes && options.incremental !== undefined)
    throw new TypeError("incremental of readExport() is for files: bytes have no name by which to know them again");
  return readExportOr(from, options, (error) => {
    throw error;
  });
}

/** The same with checked options. `none` gives what is given for a folder without an export of the table. */
export async function readExportOr<T extends undefined>(
  from: ExportSource,
  options: ReadExportOptions,
  none: (error: EntrepotError) => T,
): Promise<Frame | T> {
  const data = options.data ?? entrepot();
  const scratch = new Scratch();
  try {
    const found = await exportsOf(data, from, options, scratch, none);
    if (found === undefined) return found;
    const { files, uri } = found;
    const settings = { data, signal: options.signal, onBroken: toldOnce(options.onBroken) };
    const folder = options.incremental === undefined ? undefined : localFolder(data, options.incremental);
    return await readFound(files, settings, { folder, sourceColumn: options.sourceColumn, uri });
  } finally {
    await scratch.close();
    if (options.data === undefined) await data.close();
  }
}

export interface FoundOptions {
  /** Of the consolidated copy; `undefined` for none. */
  readonly folder: string | undefined;
  readonly sourceColumn: string | undefined;
  readonly uri: string;
}

/** The table of some files, through their consolidated copy where there is one. */
export async function readFound(
  files: readonly ExportFile[],
  settings: ReadSettings,
  { folder, sourceColumn, uri }: FoundOptions,
): Promise<Frame> {
  if (folder === undefined) return readAll(files, settings, sourceColumn, uri);
  return readKept(files, folder, settings, sourceColumn, uri);
}
