/**
 * What a pin file says. Members lie in pages, in the order of their keys; the end of the file says what was asked, and where each
 * page begins and what its checksum is, so that a part can be believed without reading the whole. Pure.
 */
import { hash } from "node:crypto";
import { compareKeys } from "../../uri/index.ts";
import { type CheckedJson, checkedJson } from "../checked-json.ts";

/** `"folder"` and `"prefix"`: all keys that begin so; the others say nothing of what else there is. */
export type PinKind = "folder" | "prefix" | "object" | "list";

/** What somebody wants to keep. */
export interface Asked {
  readonly kind: PinKind;
  /** What the keys begin with; an object's key; of a list a digest, which is found out when it is pinned. */
  readonly key: string;
  readonly versionId?: string | undefined;
  /** Only what matches this was wanted, so the rest of the folder is not known. */
  readonly match?: string | undefined;
}

/** One object that is wanted, as it was listed. */
export interface PinMember {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  /** Only when this version was asked for. */
  readonly versionId?: string | undefined;
}

/** What a pin is, without its members. */
export interface Pin {
  /** 16 hexadecimal digits: of the store's identity and what was asked, so that asking again replaces. */
  readonly id: string;
  /** What was asked; of a list, the store's root. */
  readonly uri: string;
  readonly asked: Asked;
  /** The store's root. */
  readonly root: string;
  readonly identity: readonly string[];
  /** When the listing began, milliseconds since 1970. */
  readonly listedMs: number;
  /** Whether the listing ended, and holds all that begins with what was asked. */
  readonly complete: boolean;
  readonly objects: number;
  readonly sizeBytes: number;
}

/** Where a page lies in the file, and what it begins with. */
export interface Page {
  readonly start: number;
  readonly end: number;
  readonly sha256: string;
  readonly firstKey: string;
}

export interface PinIndex {
  readonly pin: Pin;
  readonly pages: readonly Page[];
}

/** Members of a page. */
export const pageLength = 1_000;
/** Of the last line, which says where the index begins. */
export const trailerBytes = 17;

export function pinId(identity: readonly string[], root: string, { kind, key, versionId, match }: Asked): string {
  return hash("sha256", JSON.stringify([identity, root, kind, key, versionId ?? null, match ?? null])).slice(0, 16);
}

/** An empty object under a folder's name: it is listed and has no bytes to keep. */
export function isMarker({ key, sizeBytes }: Pick<PinMember, "key" | "sizeBytes">): boolean {
  return key.endsWith("/") && sizeBytes === 0;
}

type Named = Pick<PinMember, "key" | "versionId">;

/** By key, then by version. */
export function compareMembers(a: Named, b: Named): number {
  return compareKeys(a.key, b.key) || compareKeys(a.versionId ?? "", b.versionId ?? "");
}

/** The same objects are the same list, in whatever order. */
export function digestOf(objects: readonly Named[]): string {
  const sorted = [...objects].sort(compareMembers);
  return hash("sha256", JSON.stringify(sorted.map(({ key, versionId }) => [key, versionId ?? null])));
}

export function formatPage(members: readonly PinMember[]): Uint8Array {
  const rows = members.map(({ key, sizeBytes, etag, modifiedMs, versionId }) => {
    const row = [key, sizeBytes, etag, modifiedMs];
    return versionId === undefined ? row : [...row, versionId];
  });
  return Buffer.from(`${JSON.stringify(rows)}\n`);
}

/** `undefined` for what is not the page that the index speaks of. */
export function parsePage(bytes: Uint8Array, { sha256 }: Pick<Page, "sha256">): PinMember[] | undefined {
  if (hash("sha256", bytes) !== sha256) return undefined;
  const rows = parseJson(bytes);
  if (!Array.isArray(rows)) return undefined;
  return rows.map(([key, sizeBytes, etag, modifiedMs, versionId]) => ({ key, sizeBytes, etag, modifiedMs, versionId }));
}

/** What is said of a pin carries its own checksum. */
export const pinJson: CheckedJson = checkedJson("pin");

export function formatTrailer(indexStart: number): Uint8Array {
  return Buffer.from(`${String(indexStart).padStart(trailerBytes - 1, "0")}\n`);
}

export function parseTrailer(bytes: Uint8Array): number | undefined {
  const text = new TextDecoder().decode(bytes);
  return /^\d{16}\n$/.test(text) ? Number(text) : undefined;
}

/** Its checksum was right, so its shape is what some version of this program wrote: that much is looked at. */
export function readIndex(value: unknown): PinIndex | undefined {
  const { layout, pin, pages } = (value ?? {}) as { layout?: unknown; pin?: Pin; pages?: readonly Page[] };
  if (layout !== 1 || pin === undefined || !Array.isArray(pages) || !Array.isArray(pin.identity)) return undefined;
  return pinId(pin.identity, pin.root, pin.asked) === pin.id ? { pin, pages } : undefined;
}

export function formatIndex({ pin, pages }: PinIndex): Uint8Array {
  return pinJson.format({ layout: 1, pin, pages });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
