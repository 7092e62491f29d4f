/**
 * Which bytes of a Parquet file a question needs: the row groups that may hold a row of it, and of each the columns that it names,
 * in steps that are small enough to be decoded in one go. A plain value; nothing is fetched here.
 */
import { EntrepotError } from "../../error/index.ts";
import type { Question } from "../read/question.ts";
import { columnsOfCondition } from "../rows/condition.ts";
import { mayMatch } from "../rows/may-match.ts";
import { boundsOf } from "./bounds.ts";
import type { Chunk, Footer, RowGroup } from "./footer.ts";

export interface ParquetQuery extends Question {
  readonly rowGroups?: readonly number[] | undefined;
}

/** Some columns of one row group. */
export interface Step {
  readonly group: RowGroup;
  readonly columns: readonly string[];
  readonly chunks: readonly Chunk[];
  readonly spans: readonly Span[];
}
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Bytes between two chunks that are fetched with them: at most this much, and a twentieth of what is wanted. */
const gapBytes = 64 * 1024;

/** Steps by row group, in order, each of some `stepBytes` at most. Errors: malformed for unknown and for ambiguous columns; RangeError for a row group beyond the last. */
export function planParquet(
  footer: Footer,
  query: ParquetQuery,
  uri: string,
  stepBytes: number,
): readonly (readonly Step[])[] {
  const names = footer.columns.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw ambiguous(twice, uri);
  const wanted = query.columns ?? names;
  const needed = [...new Set([...wanted, ...columnsOfCondition(query.condition)])];
  const unknown = needed.find((name) => !names.includes(name));
  if (unknown !== undefined) throw missing(unknown, names, uri);
  // a table without columns has no rows
  if (needed.length === 0) return [];
  // what decides on rows is decoded with what is decided on
  const most = query.condition === undefined ? stepBytes : Number.POSITIVE_INFINITY;
  return groupsFor(footer, query, uri).map((group) => stepsOf(group, needed, most));
}

function groupsFor(footer: Footer, query: ParquetQuery, uri: string): readonly RowGroup[] {
  const { condition, limit, rowGroups, types = {} } = query;
  const all = rowGroups === undefined ? footer.rowGroups : rowGroups.map((index) => groupAt(footer, index, uri));
  const groups: RowGroup[] = [];
  let rows = 0;
  for (const group of all) {
    if (condition === undefined && rows >= (limit ?? Number.POSITIVE_INFINITY)) break;
    // the bounds are those of a column before it becomes another type
    const bounds = (column: string) => (Object.hasOwn(types, column) ? undefined : boundsOf(footer, group, column));
    if (group.rows === 0 || (condition !== undefined && !mayMatch(condition, bounds))) continue;
    groups.push(group);
    rows += group.rows;
  }
  return groups;
}

function groupAt({ rowGroups }: Footer, index: number, uri: string): RowGroup {
  const group = rowGroups[index];
  if (group === undefined) throw new RangeError(`${uri} has ${rowGroups.length} row groups, and no ${index}`);
  return group;
}

function stepsOf(group: RowGroup, needed: readonly string[], most: number): readonly Step[] {
  const steps: Step[] = [];
  let columns: string[] = [];
  let chunks: Chunk[] = [];
  let bytes = 0;
  const close = () => {
    if (columns.length > 0) steps.push({ group, columns, chunks, spans: spansOf(chunks) });
    [columns, chunks, bytes] = [[], [], 0];
  };
  for (const column of needed) {
    const own = group.chunks.filter((chunk) => chunk.column === column);
    const size = own.reduce((sum, { start, end }) => sum + end - start, 0);
    if (bytes > 0 && bytes + size > most) close();
    columns.push(column);
    chunks.push(...own);
    bytes += size;
  }
  close();
  return steps;
}

/** Neighbours as one. */
export function spansOf(chunks: readonly Span[]): readonly Span[] {
  const wanted = chunks.reduce((sum, { start, end }) => sum + end - start, 0);
  const gap = Math.min(gapBytes, wanted / 20);
  const spans: { start: number; end: number }[] = [];
  for (const { start, end } of [...chunks].sort((a, b) => a.start - b.start)) {
    const last = spans.at(-1);
    if (last !== undefined && start - last.end <= gap) last.end = Math.max(last.end, end);
    else spans.push({ start, end });
  }
  return spans;
}

function missing(name: string, names: readonly string[], uri: string): EntrepotError {
  return new EntrepotError("malformed", `${uri} has no column ${JSON.stringify(name)}`, {
    uri,
    hint: `it has ${names.map((each) => JSON.stringify(each)).join(", ")}`,
  });
}

export function ambiguous(name: string, uri: string): EntrepotError {
  return new EntrepotError("malformed", `${uri} has two columns ${JSON.stringify(name)}`, {
    uri,
    hint: "name them apart where the file is made: a table has each name once",
  });
}
