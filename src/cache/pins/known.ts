/**
 * What is known without asking: the listings that were pinned, with what this machine changed since. Only a complete one says what
 * there is not.
 */
import { EntrepotError } from "../../error/index.ts";
import type { ListOptions, ListPage, ObjectInfo } from "../../store/index.ts";
import { compareKeys } from "../../uri/index.ts";
import { type Desk, idOf } from "../desk.ts";
import type { Change } from "./pin-folder.ts";
import type { Pin, PinMember } from "./pin-format.ts";

/** Of one object: what it was, or that it was not there; and since when that is so. */
export interface KnownObject {
  /** `undefined`: a complete listing does not have it. */
  readonly info: ObjectInfo | undefined;
  readonly pin: Pin;
}

/** The newest complete pinned listing of all that begins with `prefix`. */
export async function coveringPin(desk: Desk, prefix: string): Promise<Pin | undefined> {
  const pins = (await storePins(desk)).filter(({ complete, asked }) => complete && prefix.startsWith(asked.key));
  return newest(pins);
}

/** `undefined`: nobody can say. */
export async function knownObject(desk: Desk, key: string, versionId?: string): Promise<KnownObject | undefined> {
  const pins = (await storePins(desk)).filter(({ asked }) => mayHold(asked, key));
  pins.sort((a, b) => b.listedMs - a.listedMs);
  const entry = idOf(desk, key, versionId).hash;
  for (const pin of pins) {
    const change = await desk.pins.change(pin.id, entry);
    const member = change === undefined ? await find(desk, pin, key, versionId) : change.member;
    if (member === "gone") continue;
    if (member !== undefined) return { info: infoOf(member), pin };
    if (pin.complete && versionId === undefined) return { info: undefined, pin };
  }
  return undefined;
}

/** The pages that the server would give, from a pin. Also: not-cached when it went meanwhile. */
export async function* knownPages(
  desk: Desk,
  pin: Pin,
  { prefix = "", rollUp = false, startAfter = "", pageSize = 1_000, signal }: ListOptions,
): AsyncGenerator<ListPage, void, undefined> {
  const file = await desk.pins.open(pin.id);
  if (file === undefined) throw gone(pin);
  let objects: ObjectInfo[] = [];
  let folders: string[] = [];
  try {
    let folder: string | undefined;
    const changes = (await desk.pins.changes(pin.id)).filter(({ key }) => key.startsWith(prefix));
    const from = compareKeys(startAfter, prefix) > 0 ? startAfter : prefix;
    const members = file.members(prefix, { from, skip: () => folder });
    for await (const member of merged(members, changes)) {
      const { key } = member;
      if (startAfter !== "" && compareKeys(key, startAfter) <= 0) continue;
      if (folder !== undefined && key.startsWith(folder)) continue;
      const end = rollUp ? key.indexOf("/", prefix.length) : -1;
      folder = end < 0 ? undefined : key.slice(0, end + 1);
      if (folder === undefined) objects.push(infoOf(member));
      else folders.push(folder);
      if (objects.length + folders.length < pageSize) continue;
      signal?.throwIfAborted();
      yield { objects, folders };
      objects = [];
      folders = [];
    }
    if (objects.length + folders.length > 0) yield { objects, folders };
  } finally {
    await file.close();
  }
}

/** What this machine did to a key is so for every pin that could hold it. Never throws. */
export async function noteChange(
  desk: Desk,
  key: string,
  written: Pick<PinMember, "etag" | "sizeBytes"> | undefined,
): Promise<void> {
  const entry = idOf(desk, key).hash;
  const member = written && { key, sizeBytes: written.sizeBytes, etag: written.etag, modifiedMs: desk.now() };
  for (const { id, asked, complete } of await storePins(desk)) {
    if (!mayHold(asked, key)) continue;
    // Of a list, and of what matched, only what is in it already matters.
    const holds = complete || (await desk.pins.holds(id, key));
    if (!holds) {
      await desk.pins.noteUnkept(id);
      continue;
    }
    await desk.pins.note(id, entry, { key, member });
    if (member === undefined) await desk.pins.liftMark(entry, id);
    else await desk.pins.tryMark(entry, id);
  }
}

/** A complete listing does not have it. */
export function notThere(uri: string, { uri: pinned }: Pin): EntrepotError {
  return new EntrepotError("not-found", `${uri} was not there when ${pinned} was pinned`, {
    uri,
    hint: `This is what is known offline. Pin it again online to see what is new: entrepot cache pin ${JSON.stringify(pinned)}`,
  });
}

export function listedAgeMs(desk: Desk, { listedMs }: Pin): number {
  return Math.max(0, desk.now() - listedMs);
}

async function storePins(desk: Desk): Promise<Pin[]> {
  const identity = JSON.stringify(desk.options.identity);
  const pins = await desk.pins.all();
  return pins.filter((pin) => pin.root === desk.store.uri && JSON.stringify(pin.identity) === identity);
}

function mayHold({ kind, key: asked }: Pin["asked"], key: string): boolean {
  if (kind === "list") return true;
  return kind === "object" ? key === asked : key.startsWith(asked);
}

async function find(desk: Desk, { id }: Pin, key: string, versionId?: string): Promise<PinMember | undefined | "gone"> {
  const file = await desk.pins.open(id);
  if (file === undefined) return "gone";
  try {
    return await file.find(key, versionId);
  } finally {
    await file.close();
  }
}

export async function* merged(
  members: AsyncIterable<PinMember>,
  changes: readonly Change[],
): AsyncGenerator<PinMember, void, undefined> {
  let next = 0;
  for await (const member of members) {
    for (; next < changes.length; next += 1) {
      const change = changes[next];
      if (change === undefined || compareKeys(change.key, member.key) >= 0) break;
      if (change.member !== undefined) yield change.member;
    }
    const change = changes[next];
    if (change?.key !== member.key) {
      yield member;
      continue;
    }
    next += 1;
    if (change.member !== undefined) yield change.member;
  }
  for (const { member } of changes.slice(next)) if (member !== undefined) yield member;
}

function infoOf({ key, sizeBytes, etag, modifiedMs, versionId }: PinMember): ObjectInfo {
  return { key, sizeBytes, etag, modifiedMs, versionId };
}

function newest(pins: readonly Pin[]): Pin | undefined {
  return pins.reduce<Pin | undefined>((best, pin) => (best && best.listedMs >= pin.listedMs ? best : pin), undefined);
}

function gone({ uri }: Pin): EntrepotError {
  const hint = `Pin it again online: entrepot cache pin ${JSON.stringify(uri)}`;
  return new EntrepotError("not-cached", `Offline, and the pinned listing of ${uri} cannot be read`, { uri, hint });
}
