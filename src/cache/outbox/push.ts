/**
 * Sends what waits, in order: each change under its condition, those of one object behind one another. Interrupted anywhere it can
 * be begun again. What cannot be sent stays, and keeps only its own object back.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { RequestOptions } from "../../store/index.ts";
import { isOutOfReach } from "../desk.ts";
import type { QueuedChange } from "./entry.ts";
import type { OutboxName } from "./names.ts";
import type { OutboxFolder } from "./outbox-folder.ts";
import { checkBytes, damaged } from "./queued-bytes.ts";
import { takeSending } from "./sender-lock.ts";
import type { OwnCondition, Senders } from "./sending.ts";
import { tidied } from "./tidy.ts";
import { queuedNames, resolved, type Waiting } from "./waiting.ts";

export interface PushOptions extends RequestOptions {
  /** Say what would be sent, send nothing. */
  readonly dryRun?: boolean | undefined;
  /** Send this one alone, in the place of the version that it was told to be in conflict with. */
  readonly overwrite?: string | undefined;
}

/** What became of one change. */
export interface Pushed {
  readonly id: string;
  readonly uri: string;
  readonly operation: QueuedChange["operation"];
  readonly sizeBytes: number;
  /** `"waits"`: it was not tried, as `why` says, in words. `"failed"`: it stays; a conflict is `precondition-failed`. */
  readonly outcome: "sent" | "planned" | "waits" | "failed";
  readonly why?: string | undefined;
  readonly error?: EntrepotError | undefined;
}

/** One outcome for each that is queued. Errors: `signal.reason`; not-found for an `overwrite` that is not there; those of the disk. */
export async function* push(
  folder: OutboxFolder,
  sendersOf: (change: QueuedChange) => Promise<Senders>,
  options: PushOptions,
): AsyncGenerator<Pushed, void, undefined> {
  const { dryRun = false, overwrite, ...request } = options;
  const names = queuedNames(dryRun ? await folder.names() : await tidied(folder));
  const wanted = overwrite === undefined ? names : names.filter(({ id }) => id === overwrite);
  if (overwrite !== undefined && wanted.length === 0) throw unknownId(overwrite);
  const stopped = new Set<string>();
  let isAway = false;
  for (const name of wanted) {
    request.signal?.throwIfAborted();
    const change = await folder.change(name);
    // Sent or discarded by another meanwhile.
    if (change === "gone") continue;
    const told = toldOf(name, change);
    if (change === "damaged") {
      yield { ...told, outcome: "failed", error: damaged(folder, name.stem, told) };
      continue;
    }
    const isBehind = stopped.has(change.entry);
    // Whatever follows waits for it, unless it is sent.
    stopped.add(change.entry);
    if (isAway || isBehind) {
      yield { ...told, outcome: "waits", why: isBehind ? behind : "the server cannot be reached" };
      continue;
    }
    if (dryRun) {
      const outcome = await rehearsed(folder, { name, change }, await sendersOf(change));
      if (outcome.outcome === "planned") stopped.delete(change.entry);
      yield { ...told, ...outcome };
      continue;
    }
    const end = await takeSending(folder, name.stem);
    if (end === undefined) {
      yield { ...told, outcome: "waits", why: "another push is sending it" };
      continue;
    }
    try {
      const senders = await sendersOf(change);
      const outcome = await sendOne(folder, { name, change }, senders, { ...request, overwrite });
      if (outcome === "gone") stopped.delete(change.entry);
      else {
        if (outcome.outcome === "sent") stopped.delete(change.entry);
        yield { ...told, ...outcome };
      }
    } catch (error) {
      if (!isEntrepotError(error) || request.signal?.aborted === true) throw error;
      isAway = isOutOfReach(error);
      yield { ...told, outcome: "failed", error };
    } finally {
      await end();
    }
  }
}

/** What can be known without asking anybody. */
async function rehearsed(folder: OutboxFolder, { name, change }: Waiting, { refusal }: Senders): Promise<Outcome> {
  const why = refusal(change);
  if (why !== undefined) return { outcome: "waits", why };
  try {
    if (change.operation === "write") await checkBytes(folder, name.stem, change);
    return { outcome: "planned" };
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
    return { outcome: "failed", error };
  }
}

const behind = "behind a change of the same object that was not sent";

type Outcome = Pick<Pushed, "outcome" | "why" | "error">;

async function sendOne(
  folder: OutboxFolder,
  waiting: Waiting,
  { refusal, send, look }: Senders,
  { overwrite, ...request }: RequestOptions & { readonly overwrite?: string | undefined },
): Promise<Outcome | "gone"> {
  const { name, change } = waiting;
  // By now another may have sent it.
  const names = await folder.names();
  if (!queuedNames(names).some(({ stem }) => stem === name.stem)) return "gone";
  const condition =
    overwrite === undefined ? await resolved(folder, names, change.condition) : await shownCondition(folder, waiting);
  if (condition === "waits") return { outcome: "waits", why: behind };
  const result = condition === "lost" ? await look(waiting, request) : await send(folder, waiting, condition, request);
  if (result === undefined) return { outcome: "waits", why: refusal(change) };
  if ("next" in result) {
    await folder.finish(name.stem, { id: name.id, condition: result.next });
    return { outcome: "sent" };
  }
  const { found, error } = result;
  const { etag = "", sizeBytes = 0, modifiedMs = 0 } = found ?? {};
  const seen = found === undefined ? undefined : { etag, sizeBytes, modifiedMs };
  await folder.noteConflict(name.stem, { id: name.id, found: seen, seenMs: folder.now() });
  return { outcome: "failed", error };
}

/** Just the version that the user was shown may be replaced. */
async function shownCondition(folder: OutboxFolder, { name, change }: Waiting): Promise<OwnCondition> {
  const conflict = await folder.conflict(name);
  if (conflict === undefined) {
    throw new EntrepotError("precondition-failed", `${change.uri}: ${name.id} is not known to be in conflict`, {
      uri: change.uri,
      hint: "Push without --overwrite first: what the server has is looked at and shown then.",
    });
  }
  return conflict.found === undefined ? { ifNoneMatch: "*" } : { ifMatch: conflict.found.etag };
}

function toldOf(
  { id, stem }: OutboxName,
  change: QueuedChange | "damaged",
): Pick<Pushed, "id" | "uri" | "operation" | "sizeBytes"> {
  if (change === "damaged") return { id, uri: `outbox:${stem}`, operation: "write", sizeBytes: 0 };
  return { id, uri: change.uri, operation: change.operation, sizeBytes: change.sizeBytes };
}

export function unknownId(id: string): EntrepotError {
  return new EntrepotError("not-found", `Nothing waits in the outbox as ${id}`, {
    hint: "entrepot offline outbox shows what waits, and by which id",
  });
}
