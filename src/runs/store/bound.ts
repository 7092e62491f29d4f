/** Statements whose text is fixed and whose values are bound and plain: an object or array is refused before any driver sees it. */
import { EntrepotError, kindOfValue } from "../../error/index.ts";
import type { Database, Sql } from "../../queue/index.ts";
import { unfit } from "./unfit.ts";

export type Value = string | number | boolean | null | Uint8Array;

export interface Bound {
  /** TypeError for a value that is none, RangeError for a number that no column holds. */
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly Value[]): Promise<readonly Row[]>;
}

export interface BoundDatabase extends Bound {
  transaction<T>(work: (sql: Bound) => Promise<T>): Promise<T>;
}

export function boundDatabase(database: Database): BoundDatabase {
  const { query } = boundSql(database);
  return {
    query: (text, values) => query<never>(text, values).catch(refused),
    transaction: (work) => database.transaction((sql) => work(boundSql(sql))).catch(refused),
  };
}

/** What the user of the database may not do is forbidden, as everywhere. */
function refused(error: unknown): never {
  if (!(error instanceof Error && "code" in error && error.code === "42501")) throw error;
  throw new EntrepotError("forbidden", "the user of the database may not do this with the tables of runs", {
    cause: error,
    hint: "grant it what it needs in the schema entrepot_runs, or use another user",
  });
}

function boundSql(sql: Sql): Bound {
  return { query: async (text, values = []) => sql.query(text, values.map(plain)) };
}

function plain(value: unknown): Value {
  if (value === null || typeof value === "boolean") return value;
  // a text with a NUL is none for PostgreSQL, and half a pair of surrogates is no UTF-8: whoever may be given one cleans it
  if (typeof value === "string") {
    if (value.includes("\0")) throw unfit(new TypeError("A text of the database of runs holds a NUL"));
    return value;
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new RangeError("A number of the database of runs is not finite");
    return value;
  }
  // of the prototype itself: what only looks like bytes is an object
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  throw new TypeError(
    `A value of the database of runs is ${kindOfValue(value)}: text, numbers, booleans, null and bytes only`,
  );
}

/** Text that every column holds: NUL and lone surrogates, which none does, become U+FFFD. */
export function cleanText(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, "\ufffd");
}
