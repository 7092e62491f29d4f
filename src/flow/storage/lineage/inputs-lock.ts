/** What a run read, in an order that depends on nothing but what it read. Says nothing of what it computed. */

import type { SeenFailure, SeenListing, SeenRead } from "../../../depot/index.ts";
import { compareKeys } from "../../../uri/index.ts";

/** What could not be read was no input. */
export type LockedInput = Exclude<SeenRead, SeenFailure>;

export interface InputsLock {
  /** Of the format. */
  readonly version: 1;
  /** By address; objects that were looked for and were not there, and listings, among them. */
  readonly inputs: readonly LockedInput[];
}

/** The lock of what `recordReads` told. Files of this disk that were read to the end are known by their bytes alone, on any machine. */
export function lockOf(reads: readonly SeenRead[]): InputsLock {
  const inputs = reads.filter((read): read is LockedInput => read.kind !== "failed");
  const named = new Map(inputs.map((read) => [nameOfInput(read), lasting(read)]));
  return { version: 1, inputs: [...named].sort(([a], [b]) => compareKeys(a, b)).map(([, read]) => read) };
}

/** Under which two runs have the same input. Since when a listing counts is no part of its name. */
export function nameOfInput(read: SeenRead): string {
  return read.kind === "listing" ? `${read.uri} ${question(read)}` : read.uri;
}

function question({ options }: Pick<SeenListing, "options">): string {
  const { newerMs, olderMs, ...rest } = options;
  const parts = Object.entries(rest).sort(([a], [b]) => compareKeys(a, b));
  return JSON.stringify([...parts, newerMs !== undefined, olderMs !== undefined]);
}

/** Inodes and times are other ones in every copy of a folder, and one server has other addresses elsewhere. */
function lasting({ origin: _, ...read }: LockedInput): LockedInput {
  if (read.kind !== "object" || read.checksum === undefined || !read.uri.startsWith("file:")) return read;
  const { kind, uri, checksum, sizeBytes } = read;
  return { kind, uri, checksum, sizeBytes };
}

/** What was asked, in words. */
export function questionInWords({ options }: SeenListing): string {
  const { verb, patterns, ...rest } = options;
  const named = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [verb === "glob" ? `glob ${(patterns ?? []).join(", ")}` : "listing", ...named].join(", ");
}
