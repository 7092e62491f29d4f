/**
 * The rest of a version whose first bytes came from elsewhere. Where nothing proves that the server still has that version it is
 * begun again, or the read fails with `changed`.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import {
  type BodySink,
  isStrongEtag,
  type ObjectInfo,
  type ReadOptions,
  type ReadResult,
  type ResolvedRange,
} from "../store/index.ts";
import { watched } from "./ask.ts";
import type { Desk } from "./desk.ts";

/** What the sink has: a start, and the bytes of `range` up to `offset`. */
export interface Begun {
  readonly info: ObjectInfo;
  readonly range: ResolvedRange;
  /** A byte of the object. */
  readonly offset: number;
}

/** Gives the rest; `options` are those of the whole read. Error: changed. */
export function readRest(
  desk: Desk,
  key: string,
  sink: BodySink,
  begun: Begun,
  { ifNoneMatch: _, ...options }: ReadOptions,
): Promise<ReadResult | "not-modified"> {
  const uri = `${desk.store.uri}${key}`;
  return watched(desk.options.circuit.insist(), options.signal, async () => {
    try {
      if (!isStrongEtag(begun.info.etag)) throw changed(uri);
      return await continued(desk, key, sink, begun, options);
    } catch (error) {
      if (!isEntrepotError(error, "changed", "precondition-failed", "invalid-range")) throw error;
      if (sink.restartable !== true) throw isEntrepotError(error, "changed") ? error : changed(uri, error);
    }
    return desk.store.read(key, sink, options);
  });
}

async function continued(
  desk: Desk,
  key: string,
  sink: BodySink,
  { info, range, offset }: Begun,
  { signal, versionId, timeouts, retry }: ReadOptions,
): Promise<ReadResult> {
  const result: ReadResult = { info, range, verified: "length" };
  if (offset >= range.end) return result;
  const rest: BodySink = { start: () => undefined, write: (chunk) => sink.write(chunk) };
  const missing = { start: offset, end: range.end };
  await desk.store.read(key, rest, { signal, versionId, timeouts, retry, range: missing, ifMatch: info.etag });
  return result;
}

/** The object was replaced while it was being read, and what was given cannot be taken back. */
export function changed(uri: string, cause?: unknown): EntrepotError {
  return new EntrepotError("changed", `${uri} was replaced while it was being read`, {
    uri,
    cause,
    hint: "Read it again.",
  });
}
