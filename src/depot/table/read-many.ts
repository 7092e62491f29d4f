/** Many files as one table: read at the same time, in the order of the source, and no more of them than are needed. */

import { EntrepotError } from "../../error/index.ts";
import {
  type Condition,
  type DataFrame,
  decided,
  exactCast,
  formatOfName,
  isNever,
  loadPolars,
  type Part,
  type Polars,
  type Question,
  unite,
  withConstants,
} from "../../table/index.ts";
import { lookAhead } from "../../transfer/index.ts";
import type { Context } from "../context.ts";
import type { TableFile } from "./files.ts";
import { type ReadOneOptions, readOne } from "./read-one.ts";

/** Files under way at once: each may hold its bytes and its frame. */
const filesAtOnce = 4;

export type ManyOptions = ReadOneOptions;

/** `uri` names them all in messages. Errors: those of each file; malformed for columns that none of them has. */
export async function readMany(
  context: Context,
  files: readonly TableFile[],
  options: ManyOptions,
  question: Question,
  uri: string,
): Promise<DataFrame> {
  const pl = await loadPolars();
  const parts: Part[] = [];
  let rows = 0;
  const limit = question.limit ?? Number.POSITIVE_INFINITY;
  const asked = wantedFiles(files, options, question);
  const width = limit < Number.POSITIVE_INFINITY ? 1 : filesAtOnce;
  for await (const part of lookAhead(asked, { places: width }, (file) =>
    readPart(context, pl, file, options, question),
  )) {
    parts.push(part);
    rows += part.frame.height;
    if (rows >= limit) break;
  }
  return finished(pl, unite(pl, parts, uri), question, uri);
}

/** Those that their addresses do not leave out; where they leave out all, one still says what the columns are. */
export function wantedFiles(
  files: readonly TableFile[],
  options: ManyOptions,
  question: Question,
): readonly TableFile[] {
  const wanted = files.filter((file) => forFile(file, options, question) !== undefined);
  return wanted.length > 0 ? wanted : files.slice(0, 1);
}

/** One of them, with the columns that its address says; without rows where the address says that none passes. */
export async function readPart(
  context: Context,
  pl: Polars,
  file: TableFile,
  options: ManyOptions,
  question: Question,
): Promise<Part> {
  const { place } = file;
  const fit = forFile(file, options, question) ?? { ...question, condition: undefined, limit: 0 };
  const frame = await readOne(context, place, options, { ...fit, isPartial: true });
  const { format } = formatOfName(place.key, options.format, place.uri);
  if (options.sourceColumn !== undefined && frame.columns.includes(options.sourceColumn))
    throw taken(options.sourceColumn, place.uri);
  return { uri: place.uri, frame: withConstants(pl, frame, constantsOf(file, options)), isInferred: format === "csv" };
}

/** The united table as it was asked for. */
export function finished(pl: Polars, united: DataFrame, question: Question, uri: string): DataFrame {
  const chosen = chosenColumns(exactCast(pl, united, question.types, uri), question, uri);
  const { limit } = question;
  return limit === undefined || chosen.height <= limit ? chosen : chosen.head(limit);
}

/** The question without what the address answers; `undefined` where it answers that no row passes. */
function forFile(file: TableFile, options: ManyOptions, question: Question): Question | undefined {
  const constants = constantsOf(file, options);
  const condition: Condition | undefined =
    question.condition === undefined ? undefined : decided(question.condition, (column) => constants.get(column));
  if (isNever(condition)) return undefined;
  return { ...question, condition };
}

function constantsOf(file: TableFile, { sourceColumn }: ManyOptions): TableFile["constants"] {
  if (sourceColumn === undefined) return file.constants;
  if (file.constants.has(sourceColumn)) throw taken(sourceColumn, file.place.uri);
  const source = { kind: { kind: "string" }, value: file.place.uri } as const;
  return new Map([...file.constants, [sourceColumn, source]]);
}

function taken(name: string, uri: string): TypeError {
  return new TypeError(`sourceColumn: ${uri} has a column ${JSON.stringify(name)} of its own`);
}

/** A column that no file has is a mistake; one that some have is missing in the others. */
function chosenColumns(frame: DataFrame, { columns }: Question, uri: string): DataFrame {
  const names = frame.columns;
  const unknown = columns?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new EntrepotError("malformed", `none of the files of ${uri} has a column ${JSON.stringify(unknown)}`, {
      uri,
      hint: `they have ${names.map((name) => JSON.stringify(name)).join(", ")}`,
    });
  return columns === undefined ? frame : (frame.select(...columns) as DataFrame);
}
