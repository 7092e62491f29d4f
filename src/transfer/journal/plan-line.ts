/** An item as a line of a plan, and back: addresses in full, so that any process can carry it out. What cannot be written is asked for. */
import { EntrepotError, type ErrorCode } from "../../error/index.ts";
import type { ObjectPlace } from "../copy-object.ts";
import type { Item } from "../item.ts";
import type { LineRecord } from "./sealed-lines.ts";

/** Where addresses lead: of what is read, and of what is written or removed. */
export interface Places {
  source(uri: string): ObjectPlace | Promise<ObjectPlace>;
  target(uri: string): ObjectPlace | Promise<ObjectPlace>;
}

export function lineOf(item: Item): LineRecord {
  const why = item.reason === undefined ? undefined : { why: item.reason };
  if (item.kind === "skip") {
    const { uri, target, sizeBytes } = item;
    return { do: "skip", uri, target, bytes: sizeBytes, ...why };
  }
  if (item.kind === "copy") {
    const { from, to, sizeBytes, etag, contentType, modifiedMs, problem } = item.job;
    return {
      do: "copy",
      uri: from.uri,
      target: to.uri,
      bytes: sizeBytes,
      etag,
      type: contentType,
      time: modifiedMs,
      ...why,
      ...wrong(problem),
    };
  }
  const { what, sizeBytes, exists, etag, seenEtag, problem } = item.job;
  return {
    do: "remove",
    uri: what.uri,
    bytes: sizeBytes,
    etag,
    seen: seenEtag,
    gone: exists === false || undefined,
    ...why,
    ...wrong(problem),
  };
}

/** `undefined` for a line that is none of these. */
export async function itemOf(line: LineRecord, places: Places): Promise<Item | undefined> {
  const { uri, target, bytes, why } = line;
  const etag = typeof line["etag"] === "string" ? { etag: line["etag"] } : undefined;
  if (typeof uri !== "string") return undefined;
  const reason = typeof why === "string" ? { reason: why } : undefined;
  const sizeBytes = typeof bytes === "number" ? bytes : undefined;
  const problem = problemOf(line["wrong"]);
  if (line["do"] === "remove") {
    const job = {
      what: await places.target(uri),
      sizeBytes: sizeBytes ?? 0,
      exists: line["gone"] !== true,
      ...etag,
      ...(typeof line["seen"] === "string" ? { seenEtag: line["seen"] } : undefined),
      problem,
    };
    return { kind: "remove", job, ...reason };
  }
  if (line["do"] === "skip") {
    return {
      kind: "skip",
      uri,
      target: typeof target === "string" ? target : undefined,
      sizeBytes: sizeBytes ?? 0,
      ...reason,
    };
  }
  if (line["do"] !== "copy" || typeof target !== "string") return undefined;
  const { type, time } = line;
  const job = {
    from: await places.source(uri),
    to: await places.target(target),
    sizeBytes,
    ...etag,
    contentType: typeof type === "string" ? type : undefined,
    ...(typeof time === "number" ? { modifiedMs: time } : undefined),
    problem,
  };
  return { kind: "copy", job, ...reason };
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
