/** An item as a line of a plan, and back: addresses in full, so that any process can carry it out. What cannot be written is asked for. */
import { EntrepotError, type ErrorCode } from "../../error/index.ts";
import type { ObjectPlace } from "../copy-object.ts";
import type { Item } from "../item.ts";
import type { CopyJob } from "../object-jobs.ts";
import { plainAddress } from "./plain-address.ts";
import type { LineRecord } from "./sealed-lines.ts";

/** Where addresses lead: of what is read, and of what is written or removed. */
export interface Places {
  source(uri: string): ObjectPlace | Promise<ObjectPlace>;
  target(uri: string): ObjectPlace | Promise<ObjectPlace>;
}

/** `number` is that of the line in its plan. */
export function lineOf(item: Item, number: number): LineRecord {
  const why = item.reason === undefined ? undefined : { why: item.reason };
  if (item.kind === "copy") return { ...copyLine(item.job, number), ...why };
  if (item.kind === "skip") {
    const { uri, target, sizeBytes, done } = item;
    if (done !== undefined) return { ...copyLine(done, number), done: true, ...why };
    return { do: "skip", uri: plainAddress(uri).uri, target, bytes: sizeBytes, ...why };
  }
  const { what, sizeBytes, exists, etag, seenEtag, problem } = item.job;
  return {
    do: "remove",
    uri: what.uri,
    of: item.side,
    bytes: sizeBytes,
    etag,
    seen: seenEtag,
    gone: exists === false || undefined,
    ...why,
    ...wrong(problem),
  };
}

function copyLine(job: CopyJob, number: number): LineRecord {
  const { from, to, sizeBytes, etag, contentType, modifiedMs, problem } = job;
  const { uri, query } = plainAddress(from.uri);
  return {
    do: "copy",
    uri,
    cut: query === undefined ? undefined : number,
    target: to.uri,
    bytes: sizeBytes,
    etag,
    type: contentType,
    time: modifiedMs,
    ...wrong(problem),
  };
}

/** `undefined` for a line that is none of these. `queries` are what was cut off addresses, as far as that is still known. */
export async function itemOf(
  line: LineRecord,
  places: Places,
  queries?: ReadonlyMap<unknown, string>,
): Promise<Item | undefined> {
  const { uri, target, bytes, why } = line;
  if (typeof uri !== "string") return undefined;
  const reason = typeof why === "string" ? { reason: why } : undefined;
  const sizeBytes = typeof bytes === "number" ? bytes : undefined;
  if (line["do"] === "remove") return removal(line, uri, places);
  if (line["do"] === "skip") {
    const to = typeof target === "string" ? target : undefined;
    return { kind: "skip", uri, target: to, sizeBytes: sizeBytes ?? 0, ...reason };
  }
  if (line["do"] !== "copy" || typeof target !== "string") return undefined;
  const { type, time, cut } = line;
  const query = queries?.get(cut);
  const from = await places.source(`${uri}${query ?? ""}`);
  const job = {
    from,
    to: await places.target(target),
    sizeBytes,
    ...etagOf(line),
    contentType: typeof type === "string" ? type : undefined,
    ...(typeof time === "number" ? { modifiedMs: time } : undefined),
    problem: cut !== undefined && query === undefined ? notKept(uri) : problemOf(line["wrong"]),
  };
  if (line["done"] !== true) return { kind: "copy", job, ...reason };
  return { kind: "skip", uri: from.uri, target, sizeBytes: sizeBytes ?? 0, ...reason, done: job };
}

async function removal(line: LineRecord, uri: string, places: Places): Promise<Item> {
  const { bytes, why } = line;
  const side = line["of"] === "source" ? line["of"] : undefined;
  const job = {
    what: await (side === "source" ? places.source(uri) : places.target(uri)),
    sizeBytes: typeof bytes === "number" ? bytes : 0,
    exists: line["gone"] !== true,
    ...etagOf(line),
    ...(typeof line["seen"] === "string" ? { seenEtag: line["seen"] } : undefined),
    problem: problemOf(line["wrong"]),
  };
  return { kind: "remove", job, side, ...(typeof why === "string" ? { reason: why } : undefined) };
}

function etagOf({ etag }: LineRecord): { readonly etag: string } | undefined {
  return typeof etag === "string" ? { etag } : undefined;
}

function notKept(uri: string): EntrepotError {
  return new EntrepotError("unsupported", `${uri} was named with a query, which may be a signature and is not kept`, {
    uri,
    hint: "say the same call again: it goes on where it stopped",
  });
}

function wrong(problem: EntrepotError | undefined): LineRecord | undefined {
  if (problem === undefined) return undefined;
  const { code, message, uri, hint, retryable } = problem;
  return { wrong: { code, message, uri, hint, retryable } };
}

/** Without its cause, which may be anything. */
function problemOf(given: unknown): EntrepotError | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const { code, message, uri, hint, retryable } = given as Partial<Record<string, unknown>>;
  return new EntrepotError(code as ErrorCode, String(message), {
    uri: typeof uri === "string" ? uri : undefined,
    hint: typeof hint === "string" ? hint : undefined,
    retryable: retryable === true,
  });
}
