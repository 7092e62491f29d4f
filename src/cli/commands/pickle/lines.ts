/** A pickle's value for people: one line for each item, indented, cut where it is deep or long. */
import {
  lengthOfIndex,
  PickledArray,
  type PickledColumn,
  PickledFrame,
  type PickledIndex,
  PickledLabels,
  PickledSeries,
  pickledValueAt,
  RefusedObject,
} from "../../../format/index.ts";
import { printable } from "../../escape.ts";
import { formatCount, formatNumber } from "../../measure.ts";

export interface LineOptions {
  readonly depth: number;
  readonly items: number;
}

/** Longer ones are cut: of texts, bytes, whole numbers. */
const widest = 80;
/** Values of an array or column that are shown beside its name. */
const samples = 5;

export function pickleLines(value: unknown, { depth, items }: LineOptions): string[] {
  const lines: string[] = [];
  const above: unknown[] = [];
  const put = (label: string, each: unknown): void => {
    const indent = "  ".repeat(above.length + 1);
    const up = above.lastIndexOf(each);
    if (up >= 0 && typeof each === "object" && each !== null) {
      lines.push(`${indent}${label}… (the ${titleOf(each)} ${formatCount(above.length - up, "level")} up)`);
      return;
    }
    lines.push(`${indent}${label}${titleOf(each)}`);
    const inside = insideOf(each, items);
    if (inside.length === 0) return;
    above.push(each);
    if (above.length > depth) lines.push(`${"  ".repeat(above.length + 1)}…`);
    else for (const [name, item] of inside.slice(0, items)) put(name, item);
    const rest = sizeOf(each) - items;
    if (above.length <= depth && rest > 0) lines.push(`${"  ".repeat(above.length + 1)}… ${formatNumber(rest)} more`);
    above.pop();
  };
  put("", value);
  return lines;
}

/** A line of text that stands for itself. */
class Line {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function titleOf(value: unknown): string {
  if (value instanceof Line) return value.text;
  if (typeof value === "string")
    return cut(JSON.stringify(value.length > widest ? value.slice(0, widest) : value), value.length);
  if (typeof value === "bigint") return cut(String(value));
  if (Object.is(value, -0)) return "-0.0";
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Uint8Array)
    return `${formatCount(value.length, "byte")} ${Buffer.from(value.subarray(0, 16)).toString("hex")}${value.length > 16 ? "…" : ""}`;
  if (Array.isArray(value)) return `${Object.isFrozen(value) ? "tuple" : "list"} of ${formatNumber(value.length)}`;
  if (value instanceof Set) return `${Object.isFrozen(value) ? "frozenset" : "set"} of ${formatNumber(value.size)}`;
  if (value instanceof Map) return `dict of ${formatNumber(value.size)}`;
  if (value instanceof RefusedObject) return `${printable(value.instance.name)} (refused)`;
  if (value instanceof PickledArray)
    return `array of ${value.dtype} (${value.shape.join(", ")})  ${sampled(value.values.length, (at) => value.values[at])}`;
  if (value instanceof PickledFrame)
    return `DataFrame  ${formatCount(value.rows, "row")} × ${formatCount(value.columns.length, "column")}`;
  if (value instanceof PickledSeries) return `Series  ${columnText(value.column)}`;
  if (value instanceof PickledLabels) return `Index  ${indexTexts(value.index).join("; ")}`;
  if (Object.getPrototypeOf(value) === null) return `dict of ${formatNumber(Object.keys(value).length)}`;
  return printable(String(value));
}

function cut(text: string, length = text.length): string {
  const shown = printable(text);
  return length > widest ? `${shown.slice(0, widest)}… (${formatNumber(length)} long)` : shown;
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  if (value instanceof PickledFrame) return value.columns.length + indexTexts(value.index).length;
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null
    ? Object.keys(value).length
    : 0;
}

/** What lies in a value, each with what stands before it; `most` of it at the most, and one more. */
function insideOf(value: unknown, most: number): (readonly [label: string, value: unknown])[] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [];
  if (Array.isArray(value)) return value.slice(0, most).map((item, at) => [`[${at}] `, item]);
  if (value instanceof Set) return [...value].slice(0, most).map((item) => ["- ", item]);
  if (value instanceof Map) return [...value].slice(0, most).map(([key, each]) => [`${keyText(key)}: `, each]);
  if (value instanceof RefusedObject) return refusedInside(value);
  if (value instanceof PickledFrame)
    return [
      ...indexTexts(value.index).map((text) => `index ${text}`),
      ...value.columns.slice(0, most).map(columnText),
    ].map((text) => ["", new Line(text)]);
  if (value instanceof PickledSeries)
    return indexTexts(value.index).map((text) => ["", new Line(`index ${text}`)] as const);
  if (Object.getPrototypeOf(value) !== null) return [];
  const dict = value as Readonly<Record<string, unknown>>;
  return Object.keys(dict)
    .slice(0, most)
    .map((key) => [`${printable(key)}: `, dict[key]]);
}

function keyText(key: unknown): string {
  return Array.isArray(key) ? `(${key.map(titleOf).join(", ")})` : titleOf(key);
}

function refusedInside({ instance }: RefusedObject): (readonly [string, unknown])[] {
  const { args, state, items, entries } = instance;
  return [
    ...(args.length > 0 ? [["args: ", args] as const] : []),
    ...(state === undefined ? [] : [["state: ", state] as const]),
    ...(items.length > 0 ? [["items: ", items] as const] : []),
    ...(entries.size > 0 ? [["entries: ", entries] as const] : []),
  ];
}

function columnText(column: PickledColumn): string {
  const name = column.name === null ? "" : `${keyText(column.name)}  `;
  return `${name}${printable(column.dtype)}  ${sampled(column.values.length, (at) => pickledValueAt(column, at))}`;
}

function indexTexts(index: PickledIndex): string[] {
  if (index.kind === "columns") return index.columns.map(columnText);
  const name = index.name === null ? "" : `${keyText(index.name)}  `;
  const step = index.step === 1 ? "" : ` by ${index.step}`;
  return [`${name}${index.start} to ${index.stop}${step}  (${formatNumber(lengthOfIndex(index))})`];
}

function sampled(length: number, at: (place: number) => unknown): string {
  const shown = Array.from({ length: Math.min(length, samples) }, (_, place) => keyText(at(place)));
  return shown.join(", ") + (length > samples ? ", …" : "");
}
