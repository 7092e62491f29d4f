/** How values are kept: tables as Arrow files that anybody can read, all else as tagged canonical bytes, and what has neither refused. */
import { createHash, hash } from "node:crypto";
import type { DataFrame } from "../../../table/index.ts";
import { loadPolars } from "../../../table/index.ts";
import { canonicalBytes, decodeValue, type ForeignValue } from "../../core/index.ts";
import type { Kept } from "./entry.ts";

export interface Encoded {
  readonly kept: Kept;
  readonly pieces: readonly Uint8Array[];
  /** SHA-256 of the form and the bytes. */
  readonly version: string;
}

interface Series {
  readonly name: string;
  toFrame(): DataFrame;
}

const uncompressed = { compression: "uncompressed" } as const;

/** Frames and columns of polars, by shape: a flow without tables loads no polars. */
export function recogniseTables(value: object): ForeignValue | undefined {
  if (isFrame(value)) return { kind: "polars frame", bytes: () => value.writeIPC(uncompressed) };
  if (isSeries(value)) return { kind: "polars series", bytes: () => value.toFrame().writeIPC(uncompressed) };
  return undefined;
}

/** Errors: unsupported, naming the path of what cannot be kept. */
export async function encodeResult(value: unknown, node: string): Promise<Encoded> {
  if (typeof value === "object" && value !== null) {
    if (isFrame(value)) return encoded("frame", [value.writeIPC(uncompressed)], ["polars"]);
    if (isSeries(value)) return encoded("series", [value.toFrame().writeIPC(uncompressed)], ["polars"]);
    const arrow = await arrowBytes(value);
    if (arrow !== undefined) return encoded("arrow", [arrow], undefined);
  }
  const needs = new Set<string>();
  const recognise = (part: object): ForeignValue | undefined => {
    const foreign = recogniseTables(part);
    if (foreign !== undefined) needs.add("polars");
    return foreign;
  };
  const pieces = canonicalBytes(value, `what '${node}' gives`, recognise);
  return encoded("value", pieces, needs.size === 0 ? undefined : [...needs]);
}

/** Errors: malformed; missing-peer for tables without polars. */
export async function decodeResult(bytes: Uint8Array, { form, needs }: Kept): Promise<unknown> {
  const polars = needs?.includes("polars") === true ? await loadPolars() : undefined;
  const frameOf = (from: Uint8Array): DataFrame => {
    if (polars === undefined) throw new TypeError("a frame without polars");
    return polars.readIPC(Buffer.from(from.buffer, from.byteOffset, from.byteLength));
  };
  if (form === "frame") return frameOf(bytes);
  if (form === "series") return seriesOf(frameOf(bytes));
  if (form === "arrow") return (await import("@uwdata/flechette")).tableFromIPC(bytes);
  return decodeValue(bytes, (kind, part) => {
    if (kind === "polars frame") return frameOf(part);
    return kind === "polars series" ? seriesOf(frameOf(part)) : undefined;
  });
}

/** The column of a frame that is the form of one. */
export function seriesOf(frame: DataFrame): unknown {
  return frame.getColumn(frame.columns[0] ?? "");
}

export function versionOfBytes(form: Kept["form"], pieces: readonly Uint8Array[]): string {
  const digest = createHash("sha256").update(`${form}\n`);
  for (const piece of pieces) digest.update(piece);
  return digest.digest("hex");
}

/** Version of what does not count. */
export const noVersion: string = hash("sha256", "no version");

function encoded(form: Kept["form"], pieces: readonly Uint8Array[], needs: readonly string[] | undefined): Encoded {
  const sizeBytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { kept: { form, sizeBytes, needs }, pieces, version: versionOfBytes(form, pieces) };
}

async function arrowBytes(value: object): Promise<Uint8Array | undefined> {
  if ((value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] !== "Table") return undefined;
  const { Table, tableToIPC } = await import("@uwdata/flechette");
  return value instanceof Table ? (tableToIPC(value, { format: "file" }) ?? undefined) : undefined;
}

function isFrame(value: object): value is DataFrame {
  const { writeIPC, getColumn } = value as Partial<DataFrame>;
  return typeof writeIPC === "function" && typeof getColumn === "function";
}

function isSeries(value: object): value is Series {
  const { toFrame, seriesEqual } = value as { readonly toFrame?: unknown; readonly seriesEqual?: unknown };
  return typeof toFrame === "function" && typeof seriesEqual === "function";
}
