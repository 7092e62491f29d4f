/** Writes a pin file member by member, of any number, in flat memory. Nobody sees it before `publish`. */
import { hash } from "node:crypto";
import type { PendingFile } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import {
  compareMembers,
  formatIndex,
  formatPage,
  formatTrailer,
  isMarker,
  type Page,
  type Pin,
  type PinMember,
  pageLength,
} from "./pin-format.ts";

export class PinWriter {
  readonly #file: PendingFile;
  readonly #pages: Page[] = [];
  #members: PinMember[] = [];
  #last: PinMember | undefined;
  #objects = 0;
  #sizeBytes = 0;

  constructor(file: PendingFile) {
    this.#file = file;
  }

  /** What was written lies here until it is published. */
  get path(): string {
    return this.#file.path;
  }

  /** Error: protocol for a listing that is in no order. The same one again is left out. */
  async add(member: PinMember): Promise<void> {
    const order = this.#last === undefined ? -1 : compareMembers(this.#last, member);
    if (order === 0) return;
    if (order > 0) throw new EntrepotError("protocol", `${member.key} was listed after ${this.#last?.key}`);
    this.#last = member;
    this.#members.push(member);
    if (!isMarker(member)) {
      this.#objects += 1;
      this.#sizeBytes += member.sizeBytes;
    }
    if (this.#members.length === pageLength) await this.#turn();
  }

  /** No member comes any more. */
  async finish(about: Omit<Pin, "objects" | "sizeBytes">): Promise<Pin> {
    await this.#turn();
    const pin = { ...about, objects: this.#objects, sizeBytes: this.#sizeBytes };
    const start = this.#file.sizeBytes;
    await this.#file.write(formatIndex({ pin, pages: this.#pages }));
    await this.#file.write(formatTrailer(start));
    return pin;
  }

  async publish(path: string): Promise<void> {
    await this.#file.commit(path);
  }

  /** Never throws; does nothing after `publish`. */
  discard(): Promise<void> {
    return this.#file.discard();
  }

  async #turn(): Promise<void> {
    const [first] = this.#members;
    if (first === undefined) return;
    const bytes = formatPage(this.#members);
    this.#members = [];
    const start = this.#file.sizeBytes;
    await this.#file.write(bytes);
    this.#pages.push({ start, end: start + bytes.byteLength, sha256: hash("sha256", bytes), firstKey: first.key });
  }
}
