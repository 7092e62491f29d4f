/**
 * The work behind a whole read: the copy if it is current (or nothing can be asked), else the new version, stored as it
 * comes. Runs once for all who wait for it.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { BodySink, ObjectInfo, ReadOptions, ReadResult } from "../store/index.ts";
import { type Answer, ask } from "./ask.ts";
import type { Operation } from "./changes.ts";
import { ageMs, type Desk, isFresh, markChecked, notCached, type Outcome, refuseOffline } from "./desk.ts";
import type { EntryId } from "./layout.ts";
import type { LocalCopy } from "./local-copy.ts";
import type { Answered } from "./locks/index.ts";
import type { EntryRecord } from "./record.ts";
import type { CommitDetails } from "./shelf.ts";
import type { Flight } from "./single-flight.ts";
import type { Spooled } from "./spool.ts";
import { type Turn, takeTurn } from "./take-turn.ts";
import { NobodyTakes, TeeSink } from "./tee-sink.ts";

/** What is wanted, and by whom. */
export interface Wanted {
  readonly id: EntryId;
  /** Takes the bytes as they come, if any come. */
  readonly reader: BodySink | undefined;
  /** Ask for everything, whatever is here. */
  readonly refresh: boolean;
  readonly options: ReadOptions;
  /** It bears conditions or patience of its own, so that nobody else's answer will do. */
  readonly isOwn?: boolean | undefined;
  /** Called before the first byte, to follow the download. */
  readonly onTee: (tee: TeeSink) => void;
}

const nothing: Outcome = {
  copy: undefined,
  staleMs: undefined,
  notModified: false,
  result: undefined,
  sha256: undefined,
};

export async function obtain(desk: Desk, wanted: Wanted, flight: Flight): Promise<Outcome> {
  const { id } = wanted;
  const operation = desk.changes.beginRead(id.hash);
  try {
    if (wanted.refresh) refuseOffline(desk, id.uri, "fetch");
    const looked = wanted.refresh ? "none" : await desk.shelf.open(id.hash);
    if (typeof looked === "string") {
      if (desk.options.network === "offline") throw notCached(id.uri, looked);
      // What cannot be read now cannot be had from others either.
      if (wanted.isOwn === true || looked === "unreadable") return await download(desk, wanted, flight, operation, {});
      return await bring(desk, wanted, flight, operation);
    }
    if (!suits(looked, wanted.options)) {
      await looked.release();
      if (desk.options.network === "offline") throw notCached(id.uri, "none");
      return await download(desk, wanted, flight, operation, {});
    }
    if (isFresh(desk, id, looked.record)) return given(looked);
    if (desk.options.network === "offline") return given(looked, ageMs(desk, looked.record));
    return await download(desk, wanted, flight, operation, { copy: looked });
  } finally {
    operation.end();
  }
}

/** Whether the caller's own conditions speak of the version at hand. */
export function suits(copy: LocalCopy, { ifMatch, ifNoneMatch }: ReadOptions): boolean {
  const { etag } = copy.info;
  return (ifMatch ?? etag) === etag && (ifNoneMatch ?? etag) === etag;
}

/** A condition that the request does not carry because the copy's own takes its place. */
export function checkMatch(uri: string, ifMatch: string | undefined, info: ObjectInfo): void {
  if (ifMatch === undefined || ifMatch === info.etag) return;
  throw new EntrepotError("precondition-failed", `${uri} is not the version that was asked for`, { uri });
}

/** Nothing is here: one process fetches it, the others take what it brought, if they had begun to wait before it asked. */
async function bring(desk: Desk, wanted: Wanted, flight: Flight, operation: Operation): Promise<Outcome> {
  const turn = await takeTurn(desk, wanted.id.hash, flight);
  const { lock, copy } = turn;
  try {
    if (copy === undefined) return await download(desk, wanted, flight, operation, { lock });
    const askedNs = await desk.answers.read(copy.record.answered, desk.options.reader);
    // From the comparison on nobody may join who came after that question.
    if (isFresh(desk, wanted.id, copy.record) || (askedNs !== undefined && askedNs > flight.since)) {
      flight.shut();
      return given(copy);
    }
    return await download(desk, wanted, flight, operation, { lock, copy });
  } finally {
    await lock?.release();
  }
}

async function download(
  desk: Desk,
  wanted: Wanted,
  flight: Flight,
  operation: Operation,
  { copy, lock }: Turn,
): Promise<Outcome> {
  const { id, reader, options, onTee } = wanted;
  const usable = await desk.shelf.isUsable(id.hash);
  const tee = new TeeSink({
    flight,
    reader,
    spool: (info) => (usable && isKept(desk, info, reader) ? desk.shelf.spool(id, info.sizeBytes) : undefined),
    warn: (error) => desk.shelf.warn(error),
    check: (info) => checkMatch(id.uri, options.ifMatch, info),
    // Nobody will find anything here.
    onUnkept: () => void lock?.release(),
  });
  onTee(tee);
  lock?.attend({
    progress: () => tee.received,
    isHeldUp: () => tee.isHeldUp,
    onWaiter: () => flight.crowd(),
  });
  let kept = false;
  try {
    // The server looks at some moment after this one: who comes later, here or elsewhere, may know of something newer.
    flight.shut();
    const askedNs = desk.ticks.sharedNs();
    const answer = await question(desk, wanted, flight, tee, copy);
    if (typeof answer === "string" && copy !== undefined) {
      kept = true;
      return answer === "not-modified" ? await confirmed(desk, copy) : given(copy, ageMs(desk, copy.record));
    }
    if (typeof answer === "string") return { ...nothing, notModified: true };
    const answered = await desk.answers.stamp(askedNs, desk.options.reader);
    return await keep(desk, wanted, flight, operation, tee, { ...answer, answered });
  } catch (error) {
    if (isEntrepotError(error, "not-found")) await desk.shelf.forget(id.hash, () => operation.isNewest());
    if (!(error instanceof NobodyTakes)) throw error;
    flight.disband();
    return nothing;
  } finally {
    await tee.discard();
    if (!kept) await copy?.release();
  }
}

function question(
  desk: Desk,
  { id, options }: Wanted,
  flight: Flight,
  tee: TeeSink,
  copy: LocalCopy | undefined,
): Promise<Answer> {
  const { timeouts, retry } = options;
  const request = { signal: flight.signal, versionId: id.versionId, timeouts, retry };
  if (copy !== undefined) return ask(desk, id.key, tee, request, copy.info.etag);
  const { ifMatch, ifNoneMatch } = options;
  return ask(desk, id.key, tee, { ...request, ifMatch, ifNoneMatch }, undefined);
}

async function keep(
  desk: Desk,
  { id }: Wanted,
  flight: Flight,
  operation: Operation,
  tee: TeeSink,
  { answered, ...result }: ReadResult & { readonly answered: Answered | undefined },
): Promise<Outcome> {
  const { info, verified } = result;
  const read: Outcome = { ...nothing, result };
  const spooled = tee.finish();
  // If a write came between, what was read is not the newest and may not be put back.
  const isWanted = () => operation.isNewest();
  const record = spooled && (await commit(desk, id, info, spooled, { verified, complete: true, answered, isWanted }));
  // The old version would otherwise be taken for the current one for as long as maxAge lasts.
  if (record === undefined) await desk.shelf.forget(id.hash, isWanted);
  if (record === undefined || (tee.complete && !flight.crowded)) return read;
  return { ...read, sha256: record.sha256, copy: await desk.shelf.adopt(record, spooled?.bytes) };
}

/** Gives nothing when the disk fails: the cache is then as good as none. */
export async function commit(
  desk: Desk,
  id: EntryId,
  info: ObjectInfo,
  spooled: Spooled,
  details: CommitDetails,
): Promise<EntryRecord | undefined> {
  try {
    const record = await desk.shelf.commit(id, info, spooled, details);
    if (record !== undefined) desk.wake();
    return record;
  } catch (error) {
    desk.shelf.warn(error);
    return undefined;
  }
}

/** Without an ETag nothing could be asked about; a weak one the server itself must confirm. What is larger than the cache would only empty it, unless a file is asked for. */
function isKept(desk: Desk, info: ObjectInfo, reader: BodySink | undefined): boolean {
  return (
    info.etag !== "" && (reader === undefined || info.sizeBytes <= (desk.largestBytes() ?? Number.POSITIVE_INFINITY))
  );
}

async function confirmed(desk: Desk, copy: LocalCopy): Promise<Outcome> {
  await markChecked(desk, copy.record);
  return given(copy);
}

function given(copy: LocalCopy, staleMs?: number): Outcome {
  return { ...nothing, copy, staleMs };
}
