/**
 * A range: from the copy if the server confirms it, in the same request that would bring the new version's bytes. Without
 * a copy just the range; nothing is kept of it.
 */
import { isEntrepotError } from "../error/index.ts";
import {
  type BodySink,
  type ByteRange,
  checkRange,
  isStrongEtag,
  type ObjectInfo,
  type ReadOptions,
  type ReadResult,
  type ResolvedRange,
  resolveRange,
} from "../store/index.ts";
import { type Answer, ask, watched } from "./ask.ts";
import { ageMs, type Desk, idOf, isFresh, markChecked, notCached, refuseOffline } from "./desk.ts";
import type { EntryId } from "./layout.ts";
import { DamagedCopy, type LocalCopy } from "./local-copy.ts";
import { checkMatch, suits } from "./obtain.ts";
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
  if (refresh) refuseOffline(desk, id.uri, "fetch");
  const looked = refresh ? "none" : await desk.shelf.open(id.hash);
  if (typeof looked === "string" || !suits(looked, options)) {
    if (typeof looked !== "string") await looked.release();
    if (desk.options.network === "offline") throw notCached(id.uri, typeof looked === "string" ? looked : "none");
    return watched(desk.options.circuit.insist(), options.signal, () => desk.store.read(key, sink, options));
  }
  try {
    return await withCopy(desk, id, sink, options, looked);
  } finally {
    await looked.release();
  }
}

async function withCopy(
  desk: Desk,
  id: EntryId,
  sink: BodySink,
  options: RangeReadOptions,
  copy: LocalCopy,
): Promise<ReadResult | "not-modified"> {
  const isAsked = desk.options.network !== "offline" && !isFresh(desk, id, copy.record);
  const answer = isAsked ? await question(desk, id, sink, options, copy) : "not-modified";
  if (typeof answer !== "string") {
    // Asked for another version than the copy's, the server sent this one: under the same weak ETag it is another all the same.
    const { etag } = answer.info;
    if (etag !== copy.info.etag || !isStrongEtag(etag)) await desk.shelf.amend(copy.record, { expired: true });
    return answer;
  }
  if (isAsked && answer === "not-modified") await markChecked(desk, copy.record);
  if (answer === "out-of-reach") desk.options.onStale?.({ uri: id.uri, ageMs: ageMs(desk, copy.record) });
  if (options.ifNoneMatch !== undefined) return "not-modified";
  return fromCopy(desk, id, sink, options, copy);
}

async function question(
  desk: Desk,
  { key, uri, hash }: EntryId,
  sink: BodySink,
  { ifMatch, ...options }: RangeReadOptions,
  copy: LocalCopy,
): Promise<Answer> {
  const operation = desk.changes.beginRead(hash);
  try {
    return await ask(desk, key, new MatchingSink(sink, uri, ifMatch), options, copy.info.etag);
  } catch (error) {
    if (isEntrepotError(error, "not-found")) await desk.shelf.forget(hash, () => operation.isNewest());
    throw error;
  } finally {
    operation.end();
  }
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

/** Holds an answer against a condition that the request did not carry. */
class MatchingSink implements BodySink {
  readonly #sink: BodySink;
  readonly #uri: string;
  readonly #ifMatch: string | undefined;

  constructor(sink: BodySink, uri: string, ifMatch: string | undefined) {
    this.#sink = sink;
    this.#uri = uri;
    this.#ifMatch = ifMatch;
  }

  get restartable(): boolean {
    return this.#sink.restartable === true;
  }

  start(info: ObjectInfo, range: ResolvedRange): void {
    checkMatch(this.#uri, this.#ifMatch, info);
    this.#sink.start(info, range);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    return this.#sink.write(chunk);
  }

  get writeAt(): BodySink["writeAt"] {
    return this.#sink.writeAt?.bind(this.#sink);
  }
}
