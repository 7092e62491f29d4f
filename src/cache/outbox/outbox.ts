/** The outbox as its owner handles it: what waits, what should be sent, what should not. Loaded when it is first asked for something. */
import { dirname } from "node:path";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { RequestOptions } from "../../store/index.ts";
import type { Conflict, QueuedChange, QueuedWrite } from "./entry.ts";
import type { OutboxName } from "./names.ts";
import { OutboxFolder, type OutboxPlace } from "./outbox-folder.ts";
import { type Pushed, type PushOptions, push, unknownId } from "./push.ts";
import { checkBytes, NoLongerQueued, queuedBytes } from "./queued-bytes.ts";
import { takeSending } from "./sender-lock.ts";
import type { Senders } from "./sending.ts";
import { queuedNames, waitingBefore } from "./waiting.ts";

/** One change that waits. */
export interface OutboxEntry {
  readonly id: string;
  /** `undefined` when even that cannot be read any more. */
  readonly uri: string | undefined;
  readonly operation: "write" | "remove" | undefined;
  readonly sizeBytes: number;
  readonly createdMs: number;
  /** `"damaged"`: it is kept, and never sent. */
  readonly state: "waiting" | "conflict" | "damaged";
  /** It was sent once, and nobody knows whether it arrived. */
  readonly attempted: boolean;
  /** The change of the same object that goes first, as long as it waits. */
  readonly after: string | undefined;
  /** Why a push of this depot leaves it alone, and who sends it; `undefined`: it is sent. */
  readonly refusal: string | undefined;
  /** What the server had when it was last tried; `undefined` unless that was a conflict, or when there was nothing. */
  readonly found: Conflict["found"];
  /** The bytes, or the record of a removal. */
  readonly path: string;
}

/** Who would send a change. */
export type SendersOf = (change: QueuedChange) => Promise<Senders>;

export interface Outbox {
  /** In the order in which they are sent. Reads all bytes, to say what is damaged. */
  list(sendersOf?: SendersOf, options?: RequestOptions): Promise<readonly OutboxEntry[]>;
  /** How many wait, without a look at them. */
  count(): Promise<number>;
  /** Sends what waits; one outcome each. */
  push(sendersOf: SendersOf, options?: PushOptions): AsyncIterable<Pushed>;
  /** Takes one back; what is queued behind it goes under its condition. Errors: not-found, busy while it is sent. */
  discard(id: string): Promise<void>;
  /** Writes its bytes to a new file. Errors: not-found, already-exists, integrity, unsupported for a removal. */
  save(id: string, path: string, options?: RequestOptions): Promise<{ readonly sizeBytes: number }>;
}

export function openOutbox(place: OutboxPlace): Outbox {
  const folder = new OutboxFolder(place);
  return {
    list: async (sendersOf, { signal } = {}) => {
      const entries: OutboxEntry[] = [];
      const names = await folder.names();
      for (const name of queuedNames(names)) {
        signal?.throwIfAborted();
        const entry = await entryOf(folder, names, name, sendersOf);
        if (entry !== undefined) entries.push(entry);
      }
      return entries;
    },
    count: async () => queuedNames(await folder.names()).length,
    push: (sendersOf, options = {}) => push(folder, sendersOf, options),
    discard: async (id) => {
      const name = await named(folder, id);
      const end = await takeSending(folder, name.stem);
      if (end === undefined) throw beingSent(id);
      try {
        const change = await folder.change(name);
        // Sent while we looked.
        if (change === "gone" || (await folder.receipt(name)) !== undefined) throw unknownId(id);
        if (change === "damaged") await folder.sweep(name.stem);
        else await folder.finish(name.stem, { id, condition: change.condition });
      } finally {
        await end();
      }
    },
    save: async (id, path, { signal } = {}) => {
      const name = await named(folder, id);
      const change = await folder.change(name);
      if (change === "gone") throw unknownId(id);
      if (change === "damaged") throw unreadable(folder, name);
      if (change.operation === "remove") throw noBytes(id, change);
      const pending = await folder.disk.createPending(dirname(path));
      try {
        for await (const chunk of queuedBytes(folder, name.stem, change).open()) {
          signal?.throwIfAborted();
          await pending.write(chunk);
        }
        await pending.commit(path, { durable: true, exclusive: true });
        return { sizeBytes: change.sizeBytes };
      } finally {
        await pending.discard();
      }
    },
  };
}

async function named(folder: OutboxFolder, id: string): Promise<OutboxName> {
  const name = queuedNames(await folder.names()).find((each) => each.id === id);
  if (name === undefined) throw unknownId(id);
  return name;
}

async function entryOf(
  folder: OutboxFolder,
  names: readonly OutboxName[],
  name: OutboxName,
  sendersOf: SendersOf | undefined,
): Promise<OutboxEntry | undefined> {
  const change = await folder.change(name);
  if (change === "gone") return undefined;
  const data = await folder.disk.stat(folder.pathOf(name.stem, "data"));
  const path = folder.pathOf(name.stem, change !== "damaged" && change.operation === "remove" ? "json" : "data");
  const none = { attempted: false, after: undefined, refusal: undefined, found: undefined };
  if (change === "damaged") {
    const createdMs = data?.modifiedMs ?? 0;
    const told = { uri: undefined, operation: undefined, sizeBytes: data?.sizeBytes ?? 0, createdMs };
    return { id: name.id, ...told, state: "damaged", ...none, path };
  }
  const { uri, operation, sizeBytes, createdMs, attempted, condition } = change;
  const conflict = await folder.conflict(name);
  const bytes = change.operation === "remove" ? "right" : await checked(folder, name, change);
  if (bytes === "gone") return undefined;
  const state = bytes === "damaged" ? "damaged" : conflict === undefined ? "waiting" : "conflict";
  const after = await waitingBefore(folder, names, condition);
  const refusal = await refusalOf(change, sendersOf);
  const told = { id: name.id, uri, operation, sizeBytes, createdMs, state, attempted, after, refusal } as const;
  return { ...told, found: conflict?.found, path };
}

async function checked(
  folder: OutboxFolder,
  { stem }: OutboxName,
  write: QueuedWrite,
): Promise<"right" | "damaged" | "gone"> {
  try {
    await checkBytes(folder, stem, write);
    return "right";
  } catch (error) {
    if (error instanceof NoLongerQueued) return "gone";
    if (isEntrepotError(error, "integrity")) return "damaged";
    throw error;
  }
}

/** Settings that lead nowhere are told by whoever pushes with them. */
async function refusalOf(change: QueuedChange, sendersOf: SendersOf | undefined): Promise<string | undefined> {
  try {
    return (await sendersOf?.(change))?.refusal(change);
  } catch (error) {
    if (isEntrepotError(error)) return undefined;
    throw error;
  }
}

function beingSent(id: string): EntrepotError {
  return new EntrepotError("busy", `${id} is being sent at this moment`, { hint: "Wait for the push to end." });
}

function unreadable(folder: OutboxFolder, { id, stem }: OutboxName): EntrepotError {
  return new EntrepotError("integrity", `What was queued as ${id} cannot be read any more`, {
    hint: `Its bytes, as far as they are left: ${folder.pathOf(stem, "data")}`,
  });
}

function noBytes(id: string, { uri }: QueuedChange): EntrepotError {
  return new EntrepotError("unsupported", `${id} removes ${uri}: there is nothing to be saved`, { uri });
}
