/**
 * Puts a change into the outbox: the bytes first, then what says of them, both flushed; when either cannot be kept, neither is
 * there. The condition for sending it is decided here, from what its writer said or knew.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import {
  bodyChunks,
  checkSwappable,
  type DeleteOptions,
  isQueuedEtag,
  queuedEtag,
  type WriteBody,
  type WriteOptions,
  type WriteResult,
} from "../../store/index.ts";
import type { Desk } from "../desk.ts";
import type { EntryId } from "../layout.ts";
import { knownObject } from "../pins/known.ts";
import { Spool } from "../spool.ts";
import type { Attributes, Condition } from "./entry.ts";
import type { OutboxFolder } from "./outbox-folder.ts";
import { lastOf, type Waiting } from "./waiting.ts";

/** Where a change goes. */
export interface Queue {
  readonly desk: Desk;
  readonly folder: OutboxFolder;
  readonly terms: string;
}

/** What was done before it was queued. */
export interface Tried {
  readonly mark: string;
  /** It was sent, and nobody knows whether it arrived. */
  readonly attempted: boolean;
}

/** Keeps a write. Errors: precondition-failed and already-exists against what is queued before it, busy, unsupported; those of the disk. */
export async function enqueueWrite(
  { desk, folder, terms }: Queue,
  id: EntryId,
  body: WriteBody,
  options: WriteOptions,
  tried: Tried = { mark: randomUUID(), attempted: false },
): Promise<{ readonly id: string; readonly result: WriteResult }> {
  const { signal, ifMatch, ifNoneMatch } = options;
  const sizeBytes = body instanceof Uint8Array ? body.byteLength : body.sizeBytes;
  const place = { disk: folder.disk, folder: folder.path, suffix: "", mode: 0o600, folderMode: 0o700 };
  const spool = new Spool(place, sizeBytes);
  try {
    await keeping(id.uri, () => folder.prepare());
    for await (const chunk of bodyChunks(body, { uri: id.uri, signal })) {
      await keeping(id.uri, async () => spool.write(chunk));
    }
    const spooled = spool.finish();
    const { sha256, blocks } = spooled.digest;
    const etag = queuedEtag(randomBytes(16).toString("hex"));
    const name = await folder.turn(async () => {
      const names = await keeping(id.uri, () => folder.names());
      const last = await lastOf(folder, names, id.hash);
      const condition = conditionAgainst(id, last, { ifMatch, ifNoneMatch }) ?? (await known(desk, id));
      const { stem, id: name } = folder.nextStem(names, id.hash);
      await keeping(id.uri, async () => {
        await spooled.publish(folder.pathOf(stem, "data"), { durable: true });
        try {
          await folder.add(stem, {
            id: name,
            ...described(desk, id, terms),
            condition: condition ?? { ifNoneMatch: "*" },
            ...tried,
            operation: "write",
            etag,
            attributes: attributesOf(options),
            sizeBytes: spooled.sizeBytes,
            sha256: sha256 ?? "",
            blocks,
          });
        } catch (error) {
          // Half of it would be nothing that could be sent.
          for (const kind of ["json", "data"] as const)
            await folder.disk.removeFile(folder.pathOf(stem, kind)).catch(() => undefined);
          throw error;
        }
      });
      return name;
    });
    return { id: name, result: { etag, sizeBytes: spooled.sizeBytes, versionId: undefined, queued: true } };
  } finally {
    await spool.discard();
  }
}

/** Keeps a removal; one of what is removed already needs nothing. Errors as `enqueueWrite`; not-cached when nothing is known of the object. */
export async function enqueueRemoval(
  { desk, folder, terms }: Queue,
  id: EntryId,
  { ifMatch }: DeleteOptions,
  attempted = false,
): Promise<string> {
  await keeping(id.uri, () => folder.prepare());
  return folder.turn(async () => {
    const names = await keeping(id.uri, () => folder.names());
    const last = await lastOf(folder, names, id.hash);
    if (last?.change.operation === "remove" && ifMatch === undefined) return last.change.id;
    const condition = conditionAgainst(id, last, { ifMatch }) ?? (await known(desk, id));
    if (condition === undefined) throw nothingKnown(id.uri);
    const { stem, id: name } = folder.nextStem(names, id.hash);
    const change = { id: name, ...described(desk, id, terms), condition, attempted, sizeBytes: 0 } as const;
    await keeping(id.uri, () => folder.add(stem, { ...change, operation: "remove" }));
    return name;
  });
}

/** What the caller asks for, held against what is queued already; `undefined`: nothing is asked, and nothing is queued. */
function conditionAgainst(
  { uri }: EntryId,
  last: Waiting | undefined,
  { ifMatch, ifNoneMatch }: Pick<WriteOptions, "ifMatch" | "ifNoneMatch">,
): Condition | undefined {
  if (last === undefined) {
    checkSwappable(ifMatch, uri);
    if (ifMatch !== undefined) return { ifMatch };
    return ifNoneMatch === undefined ? undefined : { ifNoneMatch };
  }
  const { change } = last;
  if (ifNoneMatch !== undefined && change.operation === "write") {
    throw new EntrepotError("already-exists", `${uri} is queued already, as ${change.id}`, { uri });
  }
  if (ifMatch !== undefined && !(change.operation === "write" && change.etag === ifMatch)) {
    throw isQueuedEtag(ifMatch) ? otherNow(uri) : behindOthers(uri, change.id);
  }
  return { after: change.id };
}

/** What was here or in a pinned listing last, an object or nothing. Error: unsupported for a server without ETags. */
async function known(desk: Desk, id: EntryId): Promise<Condition | undefined> {
  const found = await desk.shelf.find(id.hash);
  const pinned = typeof found === "object" ? undefined : await knownObject(desk, id.key);
  if (pinned !== undefined && pinned.info === undefined) return { ifNoneMatch: "*" };
  const info = typeof found === "object" ? found.record.info : pinned?.info;
  if (info === undefined) return undefined;
  checkSwappable(info.etag, id.uri);
  return { ifMatch: info.etag };
}

function described(desk: Desk, { hash, uri, key }: EntryId, terms: string) {
  return { entry: hash, uri, root: desk.store.uri, key, terms, createdMs: desk.now() };
}

function attributesOf(options: WriteOptions): Attributes {
  const { contentType, contentEncoding, contentLanguage, contentDisposition, cacheControl } = options;
  const { storageClass, tags, metadata } = options;
  const sent = { contentType, contentEncoding, contentLanguage, contentDisposition, cacheControl };
  return { ...sent, storageClass, tags, metadata };
}

/** A disk that does not keep it is told with the object's address. */
async function keeping<T>(uri: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
    // A folder that cannot be made must not look like a missing object.
    const code = error.code === "not-found" ? "misconfigured" : error.code;
    const message = `${uri} could not be queued, and nothing was changed: ${error.message}`;
    throw new EntrepotError(code, message, { uri, hint: error.hint, cause: error, retryable: error.retryable });
  }
}

function nothingKnown(uri: string): EntrepotError {
  return new EntrepotError("not-cached", `Offline, and nothing is known of ${uri}, so its removal cannot wait`, {
    uri,
    hint: "Without a version to name, the removal would take away whatever is there by then. Go online and remove it.",
  });
}

function otherNow(uri: string): EntrepotError {
  const hint = "Read the object again and decide anew with its present ETag.";
  return new EntrepotError("precondition-failed", `${uri} is not the queued version that was asked for`, { uri, hint });
}

function behindOthers(uri: string, id: string): EntrepotError {
  return new EntrepotError(
    "busy",
    `${uri} has a change of yours waiting (${id}), which another condition would pass by`,
    {
      uri,
      retryable: false,
      hint: "Send it first: entrepot offline push. Or take it back: entrepot offline discard.",
    },
  );
}
