/**
 * A whole object into a sink: from the copy, or from the server while it becomes the copy. A copy that turns out to be
 * damaged is replaced within the call, and the sink never sees a wrong byte.
 */
import {
  type BodySink,
  isStrongEtag,
  type ObjectInfo,
  type ReadOptions,
  type ReadResult,
  untilAborted,
} from "../store/index.ts";
import { watched } from "./ask.ts";
import { type Desk, idOf, notCached, type Outcome, refuseOffline } from "./desk.ts";
import type { EntryId } from "./layout.ts";
import { DamagedCopy, type LocalCopy } from "./local-copy.ts";
import type { Ticks } from "./locks/index.ts";
import { obtain, type Wanted } from "./obtain.ts";
import { changed, readRest } from "./rest.ts";
import { type Joined, SingleFlight } from "./single-flight.ts";
import type { TeeSink } from "./tee-sink.ts";

export interface WholeReadOptions extends Omit<ReadOptions, "range"> {
  readonly refresh?: boolean | undefined;
}

/** After so many damaged copies in one call the disk is left alone. */
const maxTries = 3;

/** How far a reader is in which version. */
interface Progress {
  readonly info: ObjectInfo;
  readonly offset: number;
  /** Of all of the version, if it is known. */
  readonly sha256: string | undefined;
}

/** Shared copies are counted. */
export function openFlights(ticks: Ticks): SingleFlight<Outcome> {
  const counting = {
    share: ({ copy }: Outcome) => void copy?.retain(),
    release: ({ copy }: Outcome) => void copy?.release(),
  };
  return new SingleFlight<Outcome>(counting, () => ticks.sharedNs());
}

/** What `wanted` brings, shared with those who want the same at the same time. */
export function join(desk: Desk, wanted: Wanted, signal: AbortSignal | undefined): Promise<Joined<Outcome>> {
  const { ifMatch, ifNoneMatch, retry, timeouts } = wanted.options;
  const isOwn = wanted.refresh || [ifMatch, ifNoneMatch, retry, timeouts].some((option) => option !== undefined);
  const flights = isOwn ? openFlights(desk.ticks) : desk.flights;
  // A write moves the generation: whoever reads after it does not share what was asked before it.
  const key = `${wanted.id.hash}:${desk.changes.generation(wanted.id.hash)}`;
  return flights.join(key, signal, (flight) => obtain(desk, { ...wanted, isOwn }, flight));
}

export async function readWhole(
  desk: Desk,
  key: string,
  sink: BodySink,
  { refresh = false, ...options }: WholeReadOptions = {},
): Promise<ReadResult | "not-modified"> {
  const { signal, versionId } = options;
  signal?.throwIfAborted();
  const id = idOf(desk, key, versionId);
  let progress: Progress | undefined;
  for (let tries = 0; tries < maxTries; ) {
    let tee: TeeSink | undefined;
    const onTee = (opened: TeeSink) => {
      tee = opened;
    };
    const reader = progress === undefined ? sink : undefined;
    const joined = await join(desk, { id, reader, refresh, options, onTee }, signal);
    if (joined === "again") continue;
    if (joined === "alone") break;
    try {
      if (joined.notModified) return "not-modified";
      const { copy, result } = joined;
      if (reader !== undefined && tee?.info !== undefined) {
        await tee.taken;
        if (tee.complete && result !== undefined) return result;
        progress = { info: tee.info, offset: tee.delivered, sha256: joined.sha256 };
      }
      if (copy === undefined) break;
      if (joined.staleMs !== undefined) desk.options.onStale?.({ uri: id.uri, ageMs: joined.staleMs });
      // What came with a download is another version than the caller's, even under the same weak ETag.
      const isAsked = joined.result === undefined && progress === undefined;
      if (isAsked && options.ifNoneMatch === copy.info.etag) return "not-modified";
      return await deliver(desk, id, { sink, signal }, copy, progress);
    } catch (error) {
      if (!(error instanceof DamagedCopy) || joined.copy === undefined) throw error;
      await desk.shelf.drop(joined.copy.record);
      if (desk.options.network === "offline") throw notCached(id.uri, "damaged");
      const { info, record } = joined.copy;
      if (error.offset > 0) progress = { info, offset: error.offset, sha256: record.sha256 };
      tries += 1;
    } finally {
      await joined.copy?.release();
    }
  }
  return readDirectly(desk, id, sink, options, progress);
}

async function deliver(
  desk: Desk,
  { uri }: EntryId,
  { sink, signal }: { readonly sink: BodySink; readonly signal: AbortSignal | undefined },
  copy: LocalCopy,
  progress: Progress | undefined,
): Promise<ReadResult> {
  const { info } = copy;
  const goesOn = progress !== undefined && isSameVersion(progress, copy);
  if (progress !== undefined && !goesOn && sink.restartable !== true) throw changed(uri);
  const offset = goesOn ? progress.offset : 0;
  const range = { start: 0, end: info.sizeBytes };
  // Not before there is a byte: damage at the beginning then costs the sink nothing.
  let begun = goesOn;
  const begin = () => {
    if (!begun) sink.start(info, range);
    begun = true;
  };
  await copy.deliver({ ...range, start: offset }, (chunk) => {
    begin();
    return giveTo(sink, chunk, signal);
  });
  begin();
  if (offset === 0 && !copy.trusted) desk.shelf.later(desk.shelf.confirm(copy));
  return { info, range, verified: copy.record.verified };
}

/** Two versions may share a weak ETag, but not all their bytes. */
function isSameVersion({ info, sha256 }: Progress, copy: LocalCopy): boolean {
  return (
    info.etag === copy.info.etag && (isStrongEtag(info.etag) || (sha256 !== undefined && sha256 === copy.record.sha256))
  );
}

/** A sink that stalls does not outlive the call's signal. */
export function giveTo(sink: BodySink, chunk: Uint8Array, signal: AbortSignal | undefined): void | Promise<void> {
  signal?.throwIfAborted();
  const written = sink.write(chunk);
  return written === undefined ? undefined : untilAborted(written, signal);
}

/** Without the cache: nothing could be kept, or what is kept does not stay whole. */
async function readDirectly(
  desk: Desk,
  { key, uri }: EntryId,
  sink: BodySink,
  options: ReadOptions,
  progress: Progress | undefined,
): Promise<ReadResult | "not-modified"> {
  refuseOffline(desk, uri, "read");
  if (progress !== undefined) {
    const range = { start: 0, end: progress.info.sizeBytes };
    return readRest(desk, key, sink, { ...progress, range }, options);
  }
  return watched(desk.options.circuit.insist(), options.signal, () => desk.store.read(key, sink, options));
}
