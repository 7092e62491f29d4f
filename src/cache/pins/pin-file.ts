/** A pin file that is open for reading: only the pages that are asked for are read, and each is checked. */
import type { Disk, ReadableFile } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { compareKeys } from "../../uri/index.ts";
import { isEntryFile, type Ownership } from "../trust.ts";
import {
  type Pin,
  type PinIndex,
  type PinMember,
  parsePage,
  parseTrailer,
  pinJson,
  readIndex,
  trailerBytes,
} from "./pin-format.ts";

/** No index is larger than this, bytes: it is one for many millions of members. */
const maxIndexBytes = 1 << 28;

export class PinFile {
  readonly pin: Pin;
  readonly #file: ReadableFile;
  readonly #pages: PinIndex["pages"];

  private constructor(file: ReadableFile, { pin, pages }: PinIndex) {
    this.pin = pin;
    this.#file = file;
    this.#pages = pages;
  }

  /** Errors: not-found, integrity for what is no pin file of ours, and those of the disk. To be closed. */
  static async open(disk: Disk, path: string, ownership: Ownership): Promise<PinFile> {
    const file = await disk.openRead(path);
    try {
      const index = isEntryFile(file.stat, ownership) ? await indexOf(file) : undefined;
      if (index === undefined) throw damage(path);
      return new PinFile(file, index);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * The members whose keys begin with `prefix`, from `from` on, in key order. Pages in which all keys begin with what `skip` says at
   * that moment are not read. Error: integrity.
   */
  async *members(
    prefix = "",
    { from = prefix, skip }: { readonly from?: string | undefined; readonly skip?: () => string | undefined } = {},
  ): AsyncGenerator<PinMember, void, undefined> {
    for (let page = this.#pageOf(from); page < this.#pages.length; page += 1) {
      const next = this.#pages[page + 1]?.firstKey;
      const skipped = skip?.();
      const isSkipped = skipped !== undefined && (this.#pages[page]?.firstKey ?? "").startsWith(skipped);
      if (isSkipped && next?.startsWith(skipped) === true) continue;
      for (const member of await this.#read(page)) {
        if (compareKeys(member.key, from) < 0) continue;
        if (!member.key.startsWith(prefix)) return;
        yield member;
      }
    }
  }

  async find(key: string, versionId?: string): Promise<PinMember | undefined> {
    for await (const member of this.members(key)) {
      if (member.key !== key) return undefined;
      if (member.versionId === versionId) return member;
    }
    return undefined;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** The page in which the first key from `from` on lies, if there is one. */
  #pageOf(from: string): number {
    let low = 0;
    let high = this.#pages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.#pages[middle]?.firstKey ?? "", from) < 0) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  async #read(page: number): Promise<PinMember[]> {
    const at = this.#pages[page];
    const members = at && parsePage(await bytesAt(this.#file, at.start, at.end), at);
    if (members === undefined) throw damage(this.pin.uri);
    return members;
  }
}

async function indexOf(file: ReadableFile): Promise<PinIndex | undefined> {
  const end = file.stat.sizeBytes - trailerBytes;
  if (end < 0) return undefined;
  const start = parseTrailer(await bytesAt(file, end, end + trailerBytes));
  if (start === undefined || start >= end || end - start > maxIndexBytes) return undefined;
  return readIndex(pinJson.parse(await bytesAt(file, start, end)));
}

async function bytesAt(file: ReadableFile, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  const read = await file.read(bytes, start);
  return bytes.subarray(0, read);
}

function damage(what: string): EntrepotError {
  return new EntrepotError("integrity", `The pin ${what} is damaged`, { hint: "Pin it again." });
}
