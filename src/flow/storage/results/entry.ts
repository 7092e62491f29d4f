/** One kept result: what it was computed from, and where its bytes are. Its name tells what listings need, so that none is read for them. */
import { hash } from "node:crypto";
import type { SeenRead } from "../../../depot/index.ts";
import type { Parts } from "./parts.ts";

/** Grows when an entry of an older release says less than has to be known: those of 1 do not say which store was read. */
export const layout = 2;

export interface Entry {
  readonly layout: typeof layout;
  readonly key: string;
  readonly node: string;
  /** Of the value: SHA-256 of how it is kept. */
  readonly version: string;
  readonly kept: Kept;
  readonly keptMs: number;
  /** How long it took to compute, milliseconds. */
  readonly ms: number;
  readonly parts: Parts;
  readonly reads: readonly SeenRead[];
}

/** How a value is kept. */
export interface Kept {
  /** Canonical bytes, an Arrow file that is a frame or one column of polars, or a table of flechette. */
  readonly form: "value" | "frame" | "series" | "arrow";
  readonly sizeBytes: number;
  /** Packages that the value needs to be made again. */
  readonly needs?: readonly string[] | undefined;
}

/** What the name of an entry says. */
export interface EntryName {
  readonly key: string;
  readonly keptMs: number;
  /** The first 16 digits of the version. */
  readonly version: string;
  readonly sizeBytes: number;
  readonly node: string;
}

/** Below `keys/`: the folder, and the beginning of all names of one key. */
export function folderOfKey(key: string): { readonly folder: string; readonly prefix: string } {
  return { folder: `keys/${key.slice(0, 2)}/`, prefix: `${key}.` };
}

export function nameOfEntry({ key, keptMs, version, kept, node }: Entry): string {
  const { folder, prefix } = folderOfKey(key);
  return `${folder}${prefix}${keptMs}.${version.slice(0, 16)}.${kept.sizeBytes}.${encodeNode(node)}`;
}

/** `undefined` for what is no entry. The name may stand below folders. */
export function parseEntryName(name: string): EntryName | undefined {
  const match = /([0-9a-f]{64})\.(\d+)\.([0-9a-f]{16})\.(\d+)\.([^/]*)$/.exec(name);
  const [, key = "", keptMs = "", version = "", sizeBytes = "", node = ""] = match ?? [];
  if (match === null) return undefined;
  return { key, keptMs: Number(keptMs), version, sizeBytes: Number(sizeBytes), node: decodeNode(node) };
}

export function nameOfData({ version, kept }: Pick<Entry, "version" | "kept">): string {
  return `data/${version.slice(0, 2)}/${version}${kept.form === "value" ? "" : ".arrow"}`;
}

/** The version whose value lies under a name below `data/`; `undefined` for what is nothing of ours. */
export function versionOfDataName(name: string): string | undefined {
  const match = /^([0-9a-f]{2})\/([0-9a-f]{64})(\.arrow)?$/.exec(name);
  return match?.[2]?.startsWith(match[1] ?? "-") === true ? match[2] : undefined;
}

export function bytesOfEntry(entry: Entry): Uint8Array {
  const text = JSON.stringify(entry);
  return new TextEncoder().encode(`${hash("sha256", text)}\n${text}\n`);
}

/** `undefined` for what was damaged, or is of another layout. */
export function parseEntry(bytes: Uint8Array): Entry | undefined {
  const [sum, text = ""] = new TextDecoder().decode(bytes).split("\n");
  if (hash("sha256", text) !== sum) return undefined;
  const entry = JSON.parse(text) as Entry;
  return entry.layout === layout ? entry : undefined;
}

/** Names of files are 255 bytes at most; a name that is longer is listed by its beginning. */
const longestNode = 100;

function encodeNode(node: string): string {
  const text = encodeURIComponent(node).replace(
    /[.!'()*~]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return text.length <= longestNode ? text : text.slice(0, longestNode).replace(/%.?$/, "");
}

function decodeNode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
