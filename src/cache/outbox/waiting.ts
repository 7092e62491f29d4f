/** What is queued for an object, in its order, and what a condition comes to by now. Asks nobody but the disk. */
import type { Condition, QueuedChange } from "./entry.ts";
import { type OutboxName, objectPart } from "./names.ts";
import type { OutboxFolder } from "./outbox-folder.ts";

/** One that is queued, with its name. */
export interface Waiting {
  readonly name: OutboxName;
  readonly change: QueuedChange;
}

/** Those that are queued: with a record, and without a receipt. */
export function queuedNames(names: readonly OutboxName[]): readonly OutboxName[] {
  const done = new Set(names.filter(({ kind }) => kind === "done").map(({ stem }) => stem));
  return names.filter(({ stem, kind }) => kind === "json" && !done.has(stem));
}

/** The last change of an object that is queued; one that is damaged counts for none. */
export async function lastOf(
  folder: OutboxFolder,
  names: readonly OutboxName[],
  entry: string,
): Promise<Waiting | undefined> {
  const own = queuedNames(names).filter(({ object }) => object === objectPart(entry));
  for (const name of own.toReversed()) {
    const change = await folder.change(name);
    if (typeof change !== "string" && change.entry === entry) return { name, change };
  }
  return undefined;
}

/** The change that goes first and still waits; one that was sent or discarded hands on what it was behind itself. */
export async function waitingBefore(
  folder: OutboxFolder,
  names: readonly OutboxName[],
  condition: Condition,
): Promise<string | undefined> {
  const waiting = new Set(queuedNames(names).map(({ id }) => id));
  let { after } = condition;
  for (let steps = 0; steps <= names.length && after !== undefined; steps += 1) {
    if (waiting.has(after)) return after;
    const before = names.find(({ id }) => id === after);
    after = (before && (await folder.receipt(before)))?.condition.after;
  }
  return undefined;
}

/** What can be sent; `"waits"` for one before it; `"lost"` when nobody knows any more what became of that one. */
export async function resolved(
  folder: OutboxFolder,
  names: readonly OutboxName[],
  condition: Condition,
): Promise<Exclude<Condition, { readonly after: string }> | "waits" | "lost"> {
  let current = condition;
  // Each step goes to an earlier change, so there are no more of them than names.
  for (let steps = 0; steps <= names.length; steps += 1) {
    const { after } = current;
    if (after === undefined) return current as Exclude<Condition, { readonly after: string }>;
    const before = names.find(({ id }) => id === after);
    const receipt = before && (await folder.receipt(before));
    if (receipt === undefined) {
      return names.some(({ id, kind }) => id === after && kind === "json") ? "waits" : "lost";
    }
    current = receipt.condition;
  }
  return "lost";
}
