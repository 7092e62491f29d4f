/**
 * A range: from the whole copy if the server confirms it, in the same request that would bring the new version's bytes; without one
 * from the pieces that are here, and what is missing becomes pieces.
 */
import {
  type BodySink,
  type ByteRange,
  checkRange,
  isStrongEtag,
  type ReadOptions,
  type ReadResult,
  resolveRange,
} from "../store/index.ts";
import { watched } from "./ask.ts";
import { ageMs, type Desk, idOf, isFresh, isOutOfReach, markChecked, notCached, refuseOffline } from "./desk.ts";
import type { EntryId } from "./layout.ts";
import { DamagedCopy, type LocalCopy } from "./local-copy.ts";
import { suits } from "./obtain.ts";
import type { PiecedVersion } from "./ranges/pieces.ts";
import { PieceRead } from "./ranges/read-pieces.ts";
import { giveTo } from "./read-whole.ts";
import { readRest } from "./rest.ts";

export interface RangeReadOptions extends ReadOptions {
  readonly range: ByteRange;
  readonly refresh?: boolean | undefined;
}

export async function readRange(
  desk: Desk,
  key: string,
  sink: BodySink,
  { refresh = false, ...options }: RangeReadOptions,
): Promise<ReadResult | "not-modified"> {
  options.signal?.throwIfAborted();
  checkRange(options.range);
  const id = idOf(desk, key, options.versionId);
  const read = new PieceRead(desk, id, sink, options);
  if (refresh) refuseOffline(desk, id.uri, "fetch");
  const looked = refresh ? "none" : await desk.shelf.open(id.hash);
  const isCopy = typeof looked !== "string";
  try {
    const suiting = isCopy && suits(looked, options) ? looked : undefined;
    if (suiting === undefined) {
      const found = refresh ? undefined : await desk.shelf.pieces.find(id.hash, options.ifMatch);
      return await read.read(found, isCopy ? "none" : looked);
    }
    const newer = await newerThan(desk, id, suiting);
    if (newer === undefined) return await withCopy(desk, id, sink, options, suiting);
    try {
      return await read.read(newer);
    } catch (error) {
      // Old bytes are better than none.
      if (read.begun || desk.options.network !== "auto" || !isOutOfReach(error)) throw error;
      return await withCopy(desk, id, sink, options, suiting);
    }
  } finally {
    if (isCopy) await looked.release();
  }
}

/** Pieces of a newer version than the copy's, which is known to be old. */
async function newerThan(desk: Desk, id: EntryId, { record }: LocalCopy): Promise<PiecedVersion | undefined> {
  if (!record.expired || desk.options.network === "offline") return undefined;
  const found = await desk.shelf.pieces.find(id.hash);
  return found?.info.etag === record.info.etag ? undefined : found;
}

async function withCopy(
  desk: Desk,
  id: EntryId,
  sink: BodySink,
  options: RangeReadOptions,
  copy: LocalCopy,
): Promise<ReadResult | "not-modified"> {
  const isOffline = desk.options.network === "offline";
  const isDue = !isFresh(desk, id, copy.record);
  const isAsked = isDue && !isOffline;
  const answer = isAsked ? await new PieceRead(desk, id, sink, options).fetch(copy.info) : "not-modified";
  if (typeof answer !== "string") {
    // Asked for another version than the copy's, the server sent this one: under the same weak ETag it is another all the same.
    const { etag } = answer.info;
    if (etag !== copy.info.etag || !isStrongEtag(etag)) await desk.shelf.amend(copy.record, { expired: true });
    return answer;
  }
  if (isAsked && answer === "not-modified") await markChecked(desk, copy.record);
  if (answer === "out-of-reach" || (isDue && isOffline))
    desk.options.onStale?.({ uri: id.uri, ageMs: ageMs(desk, copy.record) });
  if (options.ifNoneMatch !== undefined) return "not-modified";
  return fromCopy(desk, id, sink, options, copy);
}

async function fromCopy(
  desk: Desk,
  { key, uri }: EntryId,
  sink: BodySink,
  options: RangeReadOptions,
  copy: LocalCopy,
): Promise<ReadResult | "not-modified"> {
  const { record, info } = copy;
  const range = resolveRange(options.range, info.sizeBytes, uri);
  let begun = false;
  const begin = () => {
    if (!begun) sink.start(info, range);
    begun = true;
  };
  try {
    await copy.deliver(range, (chunk) => {
      begin();
      return giveTo(sink, chunk, options.signal);
    });
    begin();
    return { info, range, verified: record.verified };
  } catch (error) {
    if (!(error instanceof DamagedCopy)) throw error;
    await desk.shelf.drop(record);
    if (desk.options.network === "offline") throw notCached(uri, "damaged");
    if (begun) return readRest(desk, key, sink, { info, range, offset: error.offset }, options);
    return watched(desk.options.circuit.insist(), options.signal, () => desk.store.read(key, sink, options));
  }
}
