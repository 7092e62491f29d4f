/** Cells of a frame as text: for a line of CSV, a line of JSON, a column on a terminal. */
import type { Column, Kind } from "../../table/index.ts";
import { printable } from "../escape.ts";

/** As CSV has it: nothing for a missing value, JSON for what is nested. */
export function cellText(value: unknown, kind: Kind): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date) return kind.kind === "date" ? value.toISOString().slice(0, 10) : value.toISOString();
  return typeof value === "object" ? jsonText(value, kind) : String(value);
}

/** As a terminal shows it: on one line, short, and a missing value told from an empty text. */
export function shownCell(value: unknown, kind: Kind): string {
  if (value === null || value === undefined) return "–";
  return printable(cellText(value, kind));
}

/** A row as one line of JSON: integers with all their digits, bytes as base64, what JSON has no number for as text. */
export function rowJson(row: Readonly<Record<string, unknown>>, columns: readonly Column[]): string {
  const fields = columns.map(({ name, type }) => `${JSON.stringify(name)}:${jsonText(row[name], type)}`);
  return `{${fields.join(",")}}`;
}

function jsonText(value: unknown, kind: Kind): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) return JSON.stringify(String(value));
  if (value instanceof Date) return JSON.stringify(cellText(value, kind));
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("base64"));
  if (Array.isArray(value)) {
    const item: Kind = kind.kind === "list" ? kind.item : { kind: "null" };
    return `[${value.map((each) => jsonText(each, item)).join(",")}]`;
  }
  if (typeof value === "object" && kind.kind === "struct")
    return rowJson(value as Record<string, unknown>, kind.fields);
  return JSON.stringify(value);
}
