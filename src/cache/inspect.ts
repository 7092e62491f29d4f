/** What is known of an object without its bytes: from the server, or from the record when that is all there is. */
import { isEntrepotError } from "../error/index.ts";
import { isStrongEtag, type ObjectInfo, type ReadOptions } from "../store/index.ts";
import { quick, watched } from "./ask.ts";
import { ageMs, type Desk, idOf, isFresh, isOutOfReach, markChecked, notCached, refuseOffline } from "./desk.ts";
import type { Looked } from "./entry-reader.ts";
import { checkMatch } from "./obtain.ts";
import { knownObject, listedAgeMs, notThere } from "./pins/known.ts";
import { inspectPieces } from "./ranges/inspect-pieces.ts";
import type { EntryRecord } from "./record.ts";

export interface InspectOptions extends Omit<ReadOptions, "range" | "ifNoneMatch"> {
  readonly refresh?: boolean | undefined;
}

/** What was found, and whether the server said so. */
export interface Inspected {
  readonly info: ObjectInfo;
  readonly isAnswer: boolean;
}

export async function inspect(
  desk: Desk,
  key: string,
  { refresh = false, ...options }: InspectOptions = {},
): Promise<Inspected> {
  options.signal?.throwIfAborted();
  const id = idOf(desk, key, options.versionId);
  if (refresh) refuseOffline(desk, id.uri, "ask for");
  const found = refresh ? "none" : await desk.shelf.findWithData(id.hash);
  if (typeof found === "string") return withoutRecord(desk, key, found, refresh, options);
  const { record } = found;
  const given = (): Inspected => {
    checkMatch(id.uri, options.ifMatch, record.info);
    return { info: record.info, isAnswer: false };
  };
  if (desk.options.network === "offline") {
    if (!isFresh(desk, id, record)) desk.options.onStale?.({ uri: id.uri, ageMs: ageMs(desk, record) });
    return given();
  }
  if (record.complete && isFresh(desk, id, record)) return given();
  const operation = desk.changes.beginRead(id.hash);
  try {
    const info = await question(desk, key, options);
    if (info === "out-of-reach") {
      desk.options.onStale?.({ uri: id.uri, ageMs: ageMs(desk, record) });
      return given();
    }
    if (operation.isNewest()) await learn(desk, record, info);
    return { info, isAnswer: true };
  } catch (error) {
    if (isEntrepotError(error, "not-found")) await desk.shelf.forget(id.hash, () => operation.isNewest());
    throw error;
  } finally {
    operation.end();
  }
}

/** Pieces know, and a pinned listing, too, as long as nothing can be asked. */
async function withoutRecord(
  desk: Desk,
  key: string,
  looked: Looked<never>,
  refresh: boolean,
  options: InspectOptions,
): Promise<Inspected> {
  const { network, circuit, onStale } = desk.options;
  const id = idOf(desk, key, options.versionId);
  const { uri } = id;
  const version = refresh ? undefined : await desk.shelf.pieces.find(id.hash, options.ifMatch);
  if (version !== undefined) return inspectPieces(desk, id, version, () => question(desk, key, options));
  const known = refresh || network === "online" ? undefined : await knownObject(desk, key, options.versionId);
  if (known === undefined) {
    if (network === "offline") throw notCached(uri, looked);
    const info = await watched(circuit.insist(), options.signal, () => desk.store.stat(key, options));
    return { info, isAnswer: true };
  }
  if (network === "auto") {
    const info = await question(desk, key, options);
    if (info !== "out-of-reach") return { info, isAnswer: true };
  }
  onStale?.({ uri, ageMs: listedAgeMs(desk, known.pin) });
  if (known.info === undefined) throw notThere(uri, known.pin);
  checkMatch(uri, options.ifMatch, known.info);
  return { info: known.info, isAnswer: false };
}

async function question(desk: Desk, key: string, options: InspectOptions): Promise<ObjectInfo | "out-of-reach"> {
  const { circuit, network } = desk.options;
  if (network === "auto") {
    const attempt = circuit.attempt();
    if (attempt === undefined) return "out-of-reach";
    try {
      return await watched(attempt, options.signal, () => desk.store.stat(key, { ...options, ...quick(options) }));
    } catch (error) {
      if (isOutOfReach(error)) return "out-of-reach";
      if (!isEntrepotError(error) || !error.retryable) throw error;
    }
  }
  try {
    return await watched(circuit.insist(), options.signal, () => desk.store.stat(key, options));
  } catch (error) {
    if (network === "auto" && isOutOfReach(error)) return "out-of-reach";
    throw error;
  }
}

async function learn(desk: Desk, record: EntryRecord, info: ObjectInfo): Promise<void> {
  if (info.etag !== record.info.etag) await desk.shelf.amend(record, { expired: true });
  // Two versions may share a weak one: that it is the same says nothing.
  else if (!isStrongEtag(info.etag)) return;
  else if (record.complete) await markChecked(desk, record);
  else await desk.shelf.amend(record, { info, complete: true, expired: false, checkedMs: desk.now() });
}
