/**
 * What waits in the outbox, as the text of a file: a change of one object and the condition under which it may be made. A file
 * that does not match its own checksum says nothing. Pure.
 */
import type { WriteOptions } from "../../store/index.ts";
import { checkedJson } from "../checked-json.ts";

/** What the server must have when the change is made; `after`: what the change before it, by its id, left there. */
export type Condition =
  | { readonly ifMatch: string; readonly ifNoneMatch?: undefined; readonly after?: undefined }
  | { readonly ifNoneMatch: "*"; readonly ifMatch?: undefined; readonly after?: undefined }
  | { readonly after: string; readonly ifMatch?: undefined; readonly ifNoneMatch?: undefined };

/** What is said of an object beside its bytes. */
export type Attributes = Pick<
  WriteOptions,
  | "contentType"
  | "contentEncoding"
  | "contentLanguage"
  | "contentDisposition"
  | "cacheControl"
  | "storageClass"
  | "tags"
  | "metadata"
>;

interface Queued {
  /** `SEQUENCE-RANDOM`, by which users name it. */
  readonly id: string;
  /** The hash that stands for the object, as whom it is asked for included; see `layout.ts`. */
  readonly entry: string;
  readonly uri: string;
  /** The store's own address, and the key in it. */
  readonly root: string;
  readonly key: string;
  readonly condition: Condition;
  /** What the depot that sends it must say of encryption and owner, as the one did that queued it. */
  readonly terms: string;
  /** It was sent once, and nobody knows whether it arrived. */
  readonly attempted: boolean;
  readonly createdMs: number;
}

export interface QueuedWrite extends Queued {
  readonly operation: "write";
  /** No server gave it. */
  readonly etag: string;
  /** Stored with the object, by which a write that was applied and not noted is known again. */
  readonly mark: string;
  readonly attributes: Attributes;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** As in a record of the cache. */
  readonly blocks: string;
}

export interface QueuedRemoval extends Queued {
  readonly operation: "remove";
  readonly sizeBytes: 0;
}

export type QueuedChange = QueuedWrite | QueuedRemoval;

/** What became of one that is no longer queued: the condition for whoever comes after it. */
export interface Receipt {
  readonly id: string;
  readonly condition: Condition;
}

/** What the server had in the place of what was expected. */
export interface Conflict {
  readonly id: string;
  /** `undefined`: nothing. */
  readonly found: { readonly etag: string; readonly sizeBytes: number; readonly modifiedMs: number } | undefined;
  readonly seenMs: number;
}

const document = checkedJson("value");

export function formatQueued(value: QueuedChange | Receipt | Conflict): Uint8Array {
  return document.format(value);
}

function parseQueued(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  const value = document.parse(bytes);
  return isObject(value) ? value : undefined;
}

/** The change of this id, or `undefined` for anything else. */
export function parseChange(bytes: Uint8Array, id: string): QueuedChange | undefined {
  const value = parseQueued(bytes);
  if (value === undefined || value["id"] !== id || !isCondition(value["condition"])) return undefined;
  const texts = [value["entry"], value["uri"], value["root"], value["key"], value["terms"]];
  if (!texts.every(isText) || typeof value["createdMs"] !== "number") return undefined;
  if (value["operation"] === "remove") return value as unknown as QueuedRemoval;
  const { etag, mark, sha256, blocks, sizeBytes, attributes } = value;
  const isWrite = value["operation"] === "write" && [etag, mark, sha256, blocks].every(isText);
  return isWrite && typeof sizeBytes === "number" && isObject(attributes)
    ? (value as unknown as QueuedWrite)
    : undefined;
}

export function parseReceipt(bytes: Uint8Array, id: string): Receipt | undefined {
  const value = parseQueued(bytes);
  return value?.["id"] === id && isCondition(value["condition"]) ? (value as unknown as Receipt) : undefined;
}

export function parseConflict(bytes: Uint8Array, id: string): Conflict | undefined {
  const value = parseQueued(bytes);
  if (value?.["id"] !== id || typeof value["seenMs"] !== "number") return undefined;
  const { found } = value;
  if (found !== undefined && !(isObject(found) && isText(found["etag"]))) return undefined;
  return value as unknown as Conflict;
}

function isCondition(value: unknown): value is Condition {
  if (!isObject(value)) return false;
  const given = [value["ifMatch"], value["ifNoneMatch"], value["after"]].filter((each) => each !== undefined);
  return given.length === 1 && isText(given[0]) && (value["ifNoneMatch"] ?? "*") === "*";
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
