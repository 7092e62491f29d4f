/** Keys of the context that Pega writes as JSON into a model's name: `{"pyName":"Card","pyTreatment":"Card_Email"}` becomes columns. */
import type { DataFrame, Polars } from "../../table/index.ts";
import { columnName } from "./names.ts";
import { type Remark, remarkOn } from "./remark.ts";

type Keys = ReadonlyMap<string, unknown>;

/**
 * A key of the JSON wins over what its column holds otherwise; where a name has no such key, the column stays as it is. A name that
 * begins with `{` and is no JSON object stays a name, and is told.
 */
export function extractKeys(pl: Polars, frame: DataFrame, tell: Remark): DataFrame {
  if (!frame.columns.includes("Name")) return frame;
  const names = frame.getColumn("Name").toArray() as unknown[];
  const known = new Map<string, Keys | undefined>();
  const unreadable: string[] = [];
  const found = names.map((name) => {
    if (typeof name !== "string" || !name.trimStart().startsWith("{")) return undefined;
    if (!known.has(name)) known.set(name, keysOf(name));
    const keys = known.get(name);
    if (keys === undefined) unreadable.push(name);
    return keys;
  });
  remarkOn(tell, "unreadable-name", "models", "Name", unreadable, "a name that begins as JSON and is none, kept whole");
  const columns = [...new Set([...known.values()].flatMap((keys) => [...(keys?.keys() ?? [])]))];
  if (columns.length === 0) return frame;
  return frame.withColumns(...columns.map((column) => columnOf(pl, frame, column, found)));
}

function keysOf(text: string): Keys | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value).map(([key, each]) => [columnName(key), each]));
}

/** Text, or numbers where all that the names and the column hold are numbers. */
function columnOf(pl: Polars, frame: DataFrame, column: string, found: readonly (Keys | undefined)[]) {
  const before = frame.columns.includes(column) ? (frame.getColumn(column).toArray() as unknown[]) : [];
  const values = found.map((keys, row) => keys?.get(column) ?? before[row] ?? null);
  if (values.every((value) => value === null || typeof value === "number"))
    return pl.Series(
      column,
      values as (number | null)[],
      values.every((each) => each === null) ? pl.String : pl.Float64,
    );
  return pl.Series(
    column,
    values.map((value) => (value === null || typeof value === "string" ? value : JSON.stringify(value))),
    pl.String,
  );
}
