/**
 * What an Arrow schema says that polars ends a thread with: kinds of columns that it does not have are refused before it sees them,
 * offsets that it has no zone for become UTC, which leaves the instants as they are.
 */
import { EntrepotError } from "../../error/index.ts";
import type { FlatTable } from "./flatbuffer.ts";

const [decimalId, timestampId, listId, largeListId] = [7, 10, 12, 21];
const views = new Map([
  [25, listId],
  [26, largeListId],
]);
const unknown = new Map([
  [11, "intervals of months, days and nanoseconds"],
  [14, "a union of several types"],
  [22, "run-end encoded values"],
  [25, "list views"],
  [26, "list views"],
]);
const deepest = 64;

/** Error: unsupported, naming the column. */
export function refuseUnknownKinds(schema: FlatTable, uri: string): void {
  refuseUnknownZones(schema, uri);
  for (const column of schema.tables(1)) {
    const what = within(column, (field) => {
      const bits = field.small(2) === decimalId ? (field.table(3)?.int(2) ?? 128) : 128;
      return bits > 128 ? `decimals of ${bits} bits` : unknown.get(field.small(2));
    });
    if (what !== undefined) throw unsupportedKind(column.text(0) ?? "", what, uri);
  }
}

function unsupportedKind(name: string, what: string, uri: string): EntrepotError {
  return new EntrepotError(
    "unsupported",
    `column ${JSON.stringify(name)} of ${uri} holds ${what}, which polars cannot hold`,
    {
      uri,
      hint: "write the table where it was made without that column, or with it as text or as a simpler type",
    },
  );
}

/** Error: unsupported for a name that is no zone's. */
export function refuseUnknownZones(schema: FlatTable, uri: string): void {
  for (const column of schema.tables(1)) {
    const zone = within(column, (field) => {
      const named = field.small(2) === timestampId ? field.table(3)?.text(1) : undefined;
      return named === undefined || isZone(named) ? undefined : named;
    });
    if (zone !== undefined)
      throw unsupportedKind(column.text(0) ?? "", `times in the zone ${JSON.stringify(zone)}`, uri);
  }
}

/** Offsets are mended where they are none to polars. */
function isZone(name: string): boolean {
  if (name === "" || /^utc$/i.test(name) || /^[+-]\d\d:?\d\d$/.test(name)) return true;
  try {
    const known = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    // Node takes a name in any case, polars as it stands in the list
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/** Whether `withKnownZones` has something to do. */
export function hasUnknownZone(schema: FlatTable): boolean {
  return schema.tables(1).some((column) => within(column, (field) => zoneToMend(field)) !== undefined);
}

/** Changes the bytes that the schema lies in. */
export function withKnownZones(schema: FlatTable): void {
  everyField(schema, (field) => {
    if (zoneToMend(field) !== undefined) field.table(3)?.shorten(1, "UTC");
  });
}

/** Changes the bytes that the schema lies in; whether there was one. For a schema that is beside data in another layout. */
export function withoutViews(schema: FlatTable): boolean {
  let changed = false;
  everyField(schema, (field) => {
    const plain = views.get(field.small(2));
    if (plain === undefined) return;
    field.replaceSmall(2, plain);
    changed = true;
  });
  return changed;
}

/** Whole hours are zones to polars: `Etc/GMT-5` is +05:00. */
function zoneToMend(field: FlatTable): string | undefined {
  const zone = field.small(2) === timestampId ? field.table(3)?.text(1) : undefined;
  const [, sign = "", hours = "", minutes = ""] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? "") ?? [];
  if (sign === "" || (minutes === "00" && Number(hours) <= (sign === "+" ? 14 : 12))) return undefined;
  return zone;
}

function everyField(schema: FlatTable, change: (field: FlatTable) => void): void {
  for (const column of schema.tables(1))
    within(column, (field) => {
      change(field);
      return undefined;
    });
}

/** What is found first in a column and all that is below it. */
function within<T>(field: FlatTable, find: (field: FlatTable) => T | undefined, depth = 0): T | undefined {
  if (depth > deepest) throw new RangeError("fields too deep in each other");
  const found = find(field);
  if (found !== undefined) return found;
  for (const child of field.tables(5)) {
    const below = within(child, find, depth + 1);
    if (below !== undefined) return below;
  }
  return undefined;
}
