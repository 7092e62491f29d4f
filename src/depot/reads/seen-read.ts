/** What a piece of work read of depots: plain data that JSON holds, so that it can be kept with a result and held against the world later. */

import type { ErrorCode } from "../../error/index.ts";

/** Which store was asked: the same address may be another object elsewhere. */
export interface FromStore {
  /** Of a bucket: the endpoint, and as whom, as `"amazonaws.com, signed"`; of memory: whose. Absent where the address says it all, and in lock files. */
  readonly origin?: string | undefined;
}

/** An object, or a part of one. */
export interface SeenObject extends FromStore {
  readonly kind: "object";
  /** With `?versionId=` where one version was asked for. A query that may be a signature stands as `?REDACTED`. */
  readonly uri: string;
  /** Absent where the server gave none. */
  readonly etag?: string | undefined;
  /** Where the bucket keeps versions, and the answer said which one it was. */
  readonly versionId?: string | undefined;
  /** `sha256:` and hexadecimal digits, of the stored bytes: where all of them were read, in order. */
  readonly checksum?: string | undefined;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs?: number | undefined;
}

/** There was no such object, and the work knew. */
export interface SeenAbsent extends FromStore {
  readonly kind: "absent";
  readonly uri: string;
}

/** Nobody could tell what is there: what was made without it, from a default or another source, is no result of these inputs. */
export interface SeenFailure extends FromStore {
  readonly kind: "failed";
  readonly uri: string;
  /** Why. */
  readonly code: ErrorCode;
}

/** What was there below an address, by a listing, a glob or a walk. */
export interface SeenListing extends FromStore {
  readonly kind: "listing";
  /** The folder or prefix that was listed; that of the first pattern of a glob. */
  readonly uri: string;
  readonly options: SeenQuestion;
  /** `sha256:` and hexadecimal digits, of the paths, ETags and sizes in order; of files of this disk, times in place of ETags. */
  readonly digest: string;
  /** How many were seen. */
  readonly entries: number;
  /** Nobody asked for more than these: what comes behind them does not count. */
  readonly ended?: true | undefined;
  /** URIs of what the work itself had written or removed before: they do not count, whether they are there or not. */
  readonly without?: readonly string[] | undefined;
}

/** What was asked, as it can be asked again: options of `list` and `glob` with moments resolved, or of a page of a store. */
export interface SeenQuestion {
  readonly verb: "list" | "glob" | "store";
  /** Of a glob, in full. */
  readonly patterns?: readonly string[] | undefined;
  readonly kind?: "object" | "folder" | "any" | undefined;
  readonly depth?: number | undefined;
  /** Source and flags of a regular expression. */
  readonly match?: readonly [source: string, flags: string] | undefined;
  readonly prefix?: boolean | undefined;
  readonly versions?: true | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly minSize?: number | undefined;
  readonly maxSize?: number | undefined;
  /** Milliseconds since 1970. */
  readonly newerMs?: number | undefined;
  readonly olderMs?: number | undefined;
  /** Of a page of a store: whether folders were rolled up, and after which key it began. */
  readonly rollUp?: true | undefined;
  readonly startAfter?: string | undefined;
}

/** An object that was written, or removed. */
export interface SeenWrite extends FromStore {
  readonly uri: string;
  readonly etag?: string | undefined;
  readonly versionId?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly removed?: true | undefined;
}

export type SeenRead = SeenObject | SeenAbsent | SeenListing | SeenFailure;

/** Under which a read is known again. */
export function nameOfRead(read: SeenRead): string {
  const place = placeName(read);
  if (read.kind === "failed") return `failed ${place}`;
  return read.kind === "listing" ? `listing ${place} ${JSON.stringify(read.options)}` : place;
}

/** The address, in its store. */
export function placeName({ uri, origin }: FromStore & { readonly uri: string }): string {
  return origin === undefined ? uri : `${origin} ${uri}`;
}

/** The fields that say where something is, as far as there are any. */
export function inStore(origin: string | undefined): FromStore {
  return origin === undefined ? {} : { origin };
}
