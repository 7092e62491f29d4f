/**
 * One queued change to the server, under its condition. Sent twice it changes nothing: a write that was applied before is known by its
 * mark or its bytes, a removal by there being nothing. What stands against it is looked at and told, and never overwritten.
 */
import { createHash } from "node:crypto";
import { EntrepotError, isEntrepotError, isMissingBucket } from "../../error/index.ts";
import type { ObjectInfo, RequestOptions } from "../../store/index.ts";
import { isServersEtag } from "../../store/index.ts";
import { remove, write } from "../change.ts";
import type { Desk } from "../desk.ts";
import { noteChange } from "../pins/known.ts";
import type { QueuedChange, QueuedWrite } from "./entry.ts";
import type { OutboxFolder } from "./outbox-folder.ts";
import { checkBytes, queuedBytes } from "./queued-bytes.ts";
import type { Conflicting, OwnCondition, Sent } from "./sending.ts";
import type { Waiting } from "./waiting.ts";

/** The condition for whoever comes after it, or what stands against it. Errors as `write` and `delete`; integrity, before anything is sent. */
export async function send(
  desk: Desk,
  folder: OutboxFolder,
  waiting: Waiting,
  condition: OwnCondition,
  options: RequestOptions,
): Promise<Sent | Conflicting> {
  const { change } = waiting;
  if (change.operation === "write") return sendWrite(desk, folder, { ...waiting, change }, condition, options);
  const result = await sendRemoval(desk, change, condition, options);
  if ("next" in result) {
    // Where somebody else had removed it, nothing has told our copy.
    await desk.shelf.forget(change.entry);
    await noteChange(desk, change.key, undefined);
  }
  return result;
}

async function sendWrite(
  desk: Desk,
  folder: OutboxFolder,
  { name, change }: Waiting & { readonly change: QueuedWrite },
  condition: OwnCondition,
  options: RequestOptions,
): Promise<Sent | Conflicting> {
  const { key, sizeBytes } = change;
  await checkBytes(folder, name.stem, change);
  try {
    const { etag } = await write(desk, key, queuedBytes(folder, name.stem, change), {
      ...options,
      ...change.attributes,
      ...condition,
      mark: change.mark,
    });
    await noteChange(desk, key, { etag, sizeBytes });
    // Without an ETag of the server's own, nothing could be asked of whoever comes next.
    return { next: isServersEtag(etag) ? { ifMatch: etag } : condition };
  } catch (error) {
    if (!isConflict(error)) throw error;
    const found = await look(desk, key, options);
    // The mark was not found; a server that keeps no metadata has none.
    if (found !== undefined && (await holds(folder, name.stem, change, found))) {
      await noteChange(desk, key, found);
      return { next: { ifMatch: found.etag } };
    }
    return { found, error: conflictError(change, found) };
  }
}

async function sendRemoval(
  desk: Desk,
  change: QueuedChange,
  condition: OwnCondition,
  options: RequestOptions,
): Promise<Sent | Conflicting> {
  const { key } = change;
  const gone = { next: { ifNoneMatch: "*" } } as const;
  const { ifMatch } = condition;
  // It was to find nothing, and finds nothing or something.
  if (ifMatch === undefined) {
    const found = await look(desk, key, options);
    return found === undefined ? gone : { found, error: conflictError(change, found) };
  }
  try {
    await remove(desk, key, { ...options, ifMatch });
    return gone;
  } catch (error) {
    if (!isConflict(error)) throw error;
    const found = await look(desk, key, options);
    return found === undefined ? gone : { found, error: conflictError(change, found) };
  }
}

/** A condition that failed, also where an earlier try of the same call leaves a doubt. A missing bucket is no conflict. */
function isConflict(error: unknown): boolean {
  const failed = isEntrepotError(error, "server-error") ? error.cause : error;
  if (!isEntrepotError(failed, "precondition-failed", "already-exists", "not-found")) return false;
  return !isMissingBucket(failed);
}

/** What stands against a change of which nobody knows any more what it was to replace. */
export async function conflictOf(desk: Desk, change: QueuedChange, options: RequestOptions): Promise<Conflicting> {
  const found = await look(desk, change.key, options);
  return { found, error: conflictError(change, found) };
}

/** What is there now; `undefined` for nothing. */
async function look(desk: Desk, key: string, options: RequestOptions): Promise<ObjectInfo | undefined> {
  try {
    return await desk.store.stat(key, options);
  } catch (error) {
    if (isEntrepotError(error, "not-found") && !isMissingBucket(error)) return undefined;
    throw error;
  }
}

/** Whether the object there has just these bytes, as far as its ETag says that: then nothing is left to be done. */
async function holds(folder: OutboxFolder, stem: string, change: QueuedWrite, found: ObjectInfo): Promise<boolean> {
  const md5 = /^"([0-9a-f]{32})"$/.exec(found.etag)?.[1];
  if (md5 === undefined || found.sizeBytes !== change.sizeBytes) return false;
  const digest = createHash("md5");
  for await (const chunk of queuedBytes(folder, stem, change).open()) digest.update(chunk);
  return digest.digest("hex") === md5;
}

function conflictError({ uri, id }: QueuedChange, found: ObjectInfo | undefined): EntrepotError {
  const there = found === undefined ? "is not there any more" : `is another version by now (${shown(found)})`;
  return new EntrepotError("precondition-failed", `${uri} ${there}; what waits as ${id} was not sent`, {
    uri,
    retryable: false,
    hint: "entrepot offline outbox shows it; save it beside, discard it, or push --overwrite it by its id.",
  });
}

function shown({ etag, sizeBytes, modifiedMs }: ObjectInfo): string {
  return `${sizeBytes} bytes, ${new Date(modifiedMs).toISOString()}, ETag ${etag}`;
}
