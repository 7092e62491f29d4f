/**
 * One pin being made: list, publish, then fetch what is not here. Killed at any point it leaves a pin that says what is missing, or
 * marks that belong to no pin.
 */
import type { Disk } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { isStrongEtag } from "../../store/index.ts";
import { watched } from "../ask.ts";
import { type Desk, idOf, refuseOffline } from "../desk.ts";
import { hold } from "../hold.ts";
import type { PinFile } from "./pin-file.ts";
import type { Note, PinFolder } from "./pin-folder.ts";
import { type Asked, compareMembers, digestOf, isMarker, type Pin, type PinMember, pinId } from "./pin-format.ts";
import { entryOf } from "./pin-marks.ts";
import type { PinWriter } from "./pin-writer.ts";

export interface PinRequest {
  readonly asked: Asked;
  /** The address that was asked; of a list, the store's root. */
  readonly uri: string;
  /** Which of a folder's keys are wanted. Default: all, and then the pin knows what there is. */
  readonly isWanted?: ((key: string) => boolean) | undefined;
  /** Of an object or a list. Not given for folders and prefixes: they are listed. */
  readonly members?: readonly PinMember[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Errors: those of the listing and of the disk. */
export async function beginPin(desk: Desk, disk: Disk, request: PinRequest): Promise<Pinning> {
  const { uri, isWanted, signal } = request;
  const members = request.members && [...request.members].sort(compareMembers);
  const asked = request.asked.kind === "list" ? { ...request.asked, key: digestOf(members ?? []) } : request.asked;
  refuseOffline(desk, uri, "pin");
  signal?.throwIfAborted();
  const { pins, options, store } = desk;
  const id = pinId(options.identity, store.uri, asked);
  const overtaken = await pins.notes(id);
  const listedMs = desk.now();
  const { writer, read } = await pins.write();
  try {
    const complete = (asked.kind === "folder" || asked.kind === "prefix") && isWanted === undefined;
    for await (const member of members ?? listed(desk, asked.key, signal))
      if (isWanted === undefined || isWanted(member.key)) await writer.add(member);
    const { identity } = options;
    await writer.finish({ id, uri, asked, root: store.uri, identity, listedMs, complete });
    return new Pinning(desk, disk, writer, await read(), overtaken);
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** From the server itself, with its full patience: what is known here would only be pinned again. */
async function* listed(desk: Desk, prefix: string, signal: AbortSignal | undefined): AsyncGenerator<PinMember> {
  const pages = desk.store.list({ prefix, signal })[Symbol.asyncIterator]();
  const { circuit } = desk.options;
  for (;;) {
    const page = await watched(circuit.insist(), signal, () => pages.next());
    if (page.done === true) return;
    for (const { key, sizeBytes, etag, modifiedMs } of page.value.objects) yield { key, sizeBytes, etag, modifiedMs };
  }
}

/** One object that is to be here. */
export interface PinTask {
  readonly member: PinMember;
  readonly uri: string;
}

export class Pinning {
  readonly pin: Pin;
  readonly #desk: Desk;
  readonly #disk: Disk;
  readonly #writer: PinWriter;
  readonly #file: PinFile;
  readonly #overtaken: readonly Note[];

  constructor(desk: Desk, disk: Disk, writer: PinWriter, file: PinFile, overtaken: readonly Note[]) {
    this.pin = file.pin;
    this.#desk = desk;
    this.#disk = disk;
    this.#writer = writer;
    this.#file = file;
    this.#overtaken = overtaken;
  }

  /** What is to be kept, in key order; read from the pin itself. */
  async *tasks(): AsyncGenerator<PinTask, void, undefined> {
    for await (const member of this.#file.members())
      if (!isMarker(member)) yield { member, uri: idOf(this.#desk, member.key, member.versionId).uri };
  }

  /** Whether it holds nothing, not even a marker of a folder, and nothing was pinned so before. */
  async isOfNothing(): Promise<boolean> {
    for await (const _ of this.#file.members()) return false;
    return !(await this.#desk.pins.ids()).includes(this.pin.id);
  }

  /** From here on it stands in place of what was pinned so before; what that one wanted and this one does not is let go. */
  async publish(): Promise<void> {
    const { pins, shelf } = this.#desk;
    const before = await pins.open(this.pin.id);
    try {
      await this.#writer.publish(pins.pathOf(this.pin.id));
      const settled = (await pins.forget(this.#overtaken)).flatMap(({ member }) => member ?? []);
      // What changed meanwhile is not known then, and may be among what this listing lacks.
      if (await pins.isOvertaken(this.pin.id)) return;
      // What is left over after a failure here are marks that belong to nothing.
      if (before !== undefined) await this.#letGo(before.members()).catch((error) => shelf.warn(error));
      await this.#letGo(settled);
    } finally {
      await before?.close();
    }
  }

  /** Whether the version that was listed is here, so that nothing need be asked. */
  async isHere({ key, versionId, etag }: PinMember): Promise<boolean> {
    const { shelf, now } = this.#desk;
    const found = await shelf.findWithData(idOf(this.#desk, key, versionId).hash);
    if (typeof found === "string" || found.record.info.etag !== etag || !isStrongEtag(etag)) return false;
    // The listing has just said that this is the current version.
    const { record } = found;
    const checkedMs = this.pin.listedMs;
    if (record.expired || now() - record.checkedMs > 60_000) await shelf.amend(record, { checkedMs, expired: false });
    return true;
  }

  /** Marks a member and, unless it is here, fetches it. Errors: those of a read; io when the cache cannot keep it. */
  async keep(member: PinMember, isHere: boolean, signal: AbortSignal | undefined): Promise<void> {
    const { pins, shelf } = this.#desk;
    const { key, versionId } = member;
    const id = idOf(this.#desk, key, versionId);
    await pins.layMark(id.hash, this.pin.id);
    // Before the mark lay there a limit may have taken it away again.
    if (isHere && (await this.isHere(member))) return;
    const held = await hold(this.#desk, this.#disk, key, { versionId, signal });
    await held.close();
    const found = await shelf.findWithData(id.hash);
    if (typeof found === "string") throw notKept(id.uri);
    const { etag, sizeBytes, modifiedMs } = found.record.info;
    // It was replaced after it was listed.
    if (etag !== member.etag)
      await pins.note(this.pin.id, id.hash, { key, member: { ...member, etag, sizeBytes, modifiedMs } });
  }

  /** Nothing is published after this. Never throws. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await this.#writer.discard();
  }

  /** What a complete listing has no longer is not on the server: without a mark of another pin it goes. */
  async #letGo(old: AsyncIterable<PinMember> | readonly PinMember[]): Promise<void> {
    const { pins } = this.#desk;
    const now = this.#file.members();
    let next = await now.next();
    try {
      for await (const member of old) {
        while (next.done !== true && compareMembers(next.value, member) < 0) next = await now.next();
        if (next.done !== true && compareMembers(next.value, member) === 0) continue;
        const entry = entryOf(this.pin, member);
        if (await this.#isNoted(entry)) continue;
        await pins.liftMark(entry, this.pin.id);
        // Whoever notes a change lays its mark after that.
        if (await this.#isNoted(entry)) await pins.tryMark(entry, this.pin.id);
        else if (this.pin.complete && !(await pins.isMarked(entry))) await this.#forget(entry);
      }
    } finally {
      await now.return();
    }
  }

  /** Written through us while the listing ran: it is there, whatever the listing says. */
  async #isNoted(entry: string): Promise<boolean> {
    return (await this.#desk.pins.change(this.pin.id, entry))?.member !== undefined;
  }

  /** Of what came after the listing began, the listing says nothing. */
  async #forget(entry: string): Promise<void> {
    const { shelf } = this.#desk;
    const found = await shelf.find(entry);
    if (typeof found !== "object") return shelf.forget(entry);
    if (found.record.fetchedMs > this.pin.listedMs) return;
    await shelf.drop(found.record);
    await shelf.pieces.forget(entry);
  }
}

function notKept(uri: string): EntrepotError {
  return new EntrepotError("io", `${uri} was fetched, but the cache could not keep it`, {
    uri,
    hint: "See the warning before this, or entrepot doctor: the disk may be full, or the server gives no ETags.",
  });
}

/** Lets a pin go, whether or not it can be read; gives what it held. */
export async function removePin(pins: PinFolder, id: string): Promise<{ objects: number; sizeBytes: number }> {
  const file = await pins.open(id);
  try {
    const noted = (await pins.changes(id)).flatMap(({ member }) => member ?? []);
    await pins.remove(id);
    if (file === undefined) return { objects: 0, sizeBytes: 0 };
    try {
      for await (const member of file.members()) await pins.liftMark(entryOf(file.pin, member), id);
    } catch (error) {
      // The pin is gone, and the marks of a page that is damaged belong to nothing.
      if (!isEntrepotError(error, "integrity")) throw error;
    }
    for (const member of noted) await pins.liftMark(entryOf(file.pin, member), id);
    const { objects, sizeBytes } = file.pin;
    return { objects, sizeBytes };
  } finally {
    await file?.close();
  }
}
