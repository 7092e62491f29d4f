/** Listings as they will be when what is queued is sent: its writes among the objects in their order, its removals left out. */
import type { ListOptions, ListPage, ObjectInfo } from "../../store/index.ts";
import { compareKeys } from "../../uri/index.ts";
import { type Desk, idOf } from "../desk.ts";
import type { QueuedChange } from "./entry.ts";
import type { OutboxFolder } from "./outbox-folder.ts";
import { queuedInfo } from "./read-queued.ts";
import { queuedNames } from "./waiting.ts";

/** The pages with what is queued below the same prefix. Where the pages end in an error, so does this. */
export async function* listedWithQueued(
  pages: AsyncIterable<ListPage>,
  desk: Desk,
  folder: OutboxFolder,
  { prefix = "", startAfter = "", rollUp = false }: ListOptions = {},
): AsyncGenerator<ListPage, void, undefined> {
  const changes = await queuedBelow(desk, folder, prefix);
  if (changes.size === 0) {
    yield* pages;
    return;
  }
  const objects: ObjectInfo[] = [];
  const folders = new Set<string>();
  for (const [key, change] of changes) {
    if (change.operation === "remove" || compareKeys(key, startAfter) <= 0) continue;
    const slash = rollUp ? key.indexOf("/", prefix.length) : -1;
    if (slash < 0) objects.push(queuedInfo(change));
    else if (compareKeys(key.slice(0, slash + 1), startAfter) > 0) folders.add(key.slice(0, slash + 1));
  }
  const waiting = { objects: objects.sort(byKey), folders: [...folders].sort(compareKeys) };
  for await (const page of pages) {
    const last = [page.objects.at(-1)?.key, page.folders.at(-1)].filter((name) => name !== undefined).sort(compareKeys);
    yield merged(page, taken(waiting, last.at(-1) ?? ""), changes);
  }
  const rest = taken(waiting, undefined);
  if (rest.objects.length + rest.folders.length > 0) yield rest;
}

/** The last change of each object, by key. */
async function queuedBelow(desk: Desk, folder: OutboxFolder, prefix: string): Promise<Map<string, QueuedChange>> {
  const changes = new Map<string, QueuedChange>();
  for (const name of queuedNames(await folder.names())) {
    const change = await folder.change(name);
    if (typeof change === "string" || !change.key.startsWith(prefix)) continue;
    if (idOf(desk, change.key).hash === change.entry) changes.set(change.key, change);
  }
  return changes;
}

interface Waiting {
  readonly objects: ObjectInfo[];
  readonly folders: string[];
}

/** Takes out what comes up to `last`; everything without one. */
function taken({ objects, folders }: Waiting, last: string | undefined): ListPage {
  const upTo = (name: string) => last === undefined || compareKeys(name, last) <= 0;
  const count = <T>(items: readonly T[], nameOf: (item: T) => string) => {
    const end = items.findIndex((item) => !upTo(nameOf(item)));
    return end < 0 ? items.length : end;
  };
  return {
    objects: objects.splice(
      0,
      count(objects, ({ key }) => key),
    ),
    folders: folders.splice(
      0,
      count(folders, (name) => name),
    ),
  };
}

function merged(page: ListPage, queued: ListPage, changes: ReadonlyMap<string, QueuedChange>): ListPage {
  const others = page.objects.filter(({ key }) => !changes.has(key));
  return {
    objects: [...others, ...queued.objects].sort(byKey),
    folders: [...new Set([...page.folders, ...queued.folders])].sort(compareKeys),
  };
}

function byKey(a: ObjectInfo, b: ObjectInfo): number {
  return compareKeys(a.key, b.key);
}
