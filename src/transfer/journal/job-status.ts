/** What the journals say of their jobs, for people: read without taking them. */
import { join } from "node:path";
import { isEntrepotError } from "../../error/index.ts";
import type { JobVerb } from "./job-header.ts";
import { holderOf } from "./job-lock.ts";
import { type JobsPlace, jobFiles, readHeader } from "./journal.ts";
import { type LargeState, readLarge } from "./large-state.ts";
import { type LineRecord, readSealed } from "./sealed-lines.ts";

/** One object that failed when the job was last tried. */
export interface FailedObject {
  readonly uri: string;
  readonly target: string | undefined;
  readonly code: string;
  readonly message: string;
}

/** A job that was begun and is not finished. */
export interface JobStatus {
  readonly id: string;
  /** `undefined` for what is damaged. */
  readonly verb: JobVerb | undefined;
  /** An address, of the web without its query; `undefined` for a list. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /**
   * `"running"`: a process is at it; `"interrupted"`: none is any more; `"failed"`: all was tried, and some of it failed; `"damaged"`:
   * what it is cannot be read any more, so that it can only be given up, or begun anew by the same call.
   */
  readonly state: "running" | "interrupted" | "failed" | "damaged";
  /** Of the process that is at it. */
  readonly pid: number | undefined;
  /** Planned. */
  readonly objects: number;
  readonly sizeBytes: number;
  /** Copied so far; removals are not counted. */
  readonly doneObjects: number;
  /** The first hundred. */
  readonly failed: readonly FailedObject[];
  readonly failedObjects: number;
  readonly createdMs: number;
  /** When something of it was last done. */
  readonly changedMs: number;
}

const shownFailures = 100;
const idPattern = /^[0-9a-f]{16}$/;

export function isJobId(text: string): boolean {
  return idPattern.test(text);
}

/** In the order of their beginning. */
export async function listJobs(place: JobsPlace): Promise<readonly JobStatus[]> {
  const entries = (await place.disk.readFolder(place.folder)) ?? [];
  const found: JobStatus[] = [];
  for (const { name } of entries.filter((entry) => isJobId(entry.name))) {
    const status = await jobStatus(place, name).catch((error: unknown) => {
      // Another user's, in a cache that several share.
      if (isEntrepotError(error, "forbidden")) return undefined;
      throw error;
    });
    if (status !== undefined) found.push(status);
  }
  return found.sort((a, b) => a.createdMs - b.createdMs);
}

/** `undefined` where there is none, or one that is just beginning. */
export async function jobStatus({ disk, folder, processes }: JobsPlace, id: string): Promise<JobStatus | undefined> {
  const path = join(folder, id);
  const read = await readHeader(disk, path);
  const header = read?.id === id ? read : undefined;
  const there = header === undefined ? await disk.stat(path) : undefined;
  if (header === undefined && there?.kind !== "folder") return undefined;
  const holder = await holderOf(disk, path, processes);
  if (header === undefined && holder !== undefined) return undefined;
  const { verb, from, to, objects = 0, sizeBytes = 0, createdMs = Math.round(there?.modifiedMs ?? 0) } = header ?? {};
  const done = new Set<unknown>();
  let failed: FailedObject[] = [];
  let failedObjects = 0;
  let hasEnded = false;
  for await (const line of readSealed(disk, join(path, jobFiles.marks))) {
    if (line["run"] !== undefined) {
      failed = [];
      failedObjects = 0;
      hasEnded = false;
    }
    if (line["ended"] === true) hasEnded = true;
    if (line["did"] !== undefined) done.add(line["did"]);
    if (typeof line["failed"] === "string") {
      failedObjects += 1;
      if (failed.length < shownFailures) failed.push(failedOf(line));
    }
  }
  const stat = await disk.stat(join(path, jobFiles.marks));
  return {
    id,
    verb,
    from,
    to,
    state: stateOf(header !== undefined, holder !== undefined, hasEnded),
    pid: holder?.pid,
    objects,
    sizeBytes,
    doneObjects: done.size,
    failed,
    failedObjects,
    createdMs,
    changedMs: Math.round(stat?.modifiedMs ?? createdMs),
  };
}

function stateOf(isReadable: boolean, isHeld: boolean, hasEnded: boolean): JobStatus["state"] {
  if (!isReadable) return "damaged";
  if (isHeld) return "running";
  return hasEnded ? "failed" : "interrupted";
}

/** Large objects that were begun and not done. */
export async function largeOf({ disk, folder }: JobsPlace, id: string): Promise<readonly LargeState[]> {
  const large = new Map<number, LargeState>();
  for await (const line of readSealed(disk, join(folder, id, jobFiles.marks))) readLarge(large, line, true);
  return [...large.values()];
}

function failedOf(line: LineRecord): FailedObject {
  const { failed: uri, target, code, message } = line;
  return {
    uri: String(uri),
    target: typeof target === "string" ? target : undefined,
    code: String(code),
    message: String(message),
  };
}
