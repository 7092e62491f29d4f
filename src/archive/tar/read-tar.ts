/**
 * A tar as a stream of files and folders: ustar, pax, GNU's long names, and what came before them. Links, devices and sparse files are
 * errors; so is a tar without its end.
 */
import { ByteFeed, type Bytes } from "../../codec/index.ts";
import { archiveError, shownName } from "../archive-error.ts";
import type { SkippedEntry, UnpackEntry } from "../entry.ts";
import { entryPath } from "../entry-path.ts";
import type { ArchiveMeter } from "../limits.ts";
import { hintOfBytes } from "../looks-like.ts";
import { blockBytes, parseHeader, type TarHeader } from "./header.ts";
import { parseRecords } from "./pax.ts";

/** Records and long names above this are refused. */
const mostRecordBytes = 1024 * 1024;
const pieceBytes = 256 * 1024;
/** Files up to this size are read at once. */
const wholeBytes = 256 * 1024;
/** How the index of pixz begins. */
const pixzIndex: Buffer = Buffer.from("a64c322ed614aedb", "hex");

export interface ReadTarOptions {
  /** Named in errors. */
  readonly uri: string;
  readonly meter: ArchiveMeter;
  /** `"skip"` gives links as such, for a report; `"refuse"`: unsafe-key; `"list"` refuses nothing, and gives names as they stand there. */
  readonly links: "refuse" | "skip" | "list";
}

/** Errors: truncated, malformed, integrity, unsafe-key, unrepresentable-name, unsupported, limit-exceeded, and those of the source. */
export async function* readTar(
  source: AsyncIterable<Uint8Array>,
  options: ReadTarOptions,
): AsyncGenerator<UnpackEntry | SkippedEntry> {
  const feed = new ByteFeed(source);
  const reader = new TarReader(feed, options);
  try {
    yield* reader.entries();
  } finally {
    await feed.close();
  }
}

class TarReader {
  readonly #feed: ByteFeed;
  readonly #options: ReadTarOptions;
  #global: ReadonlyMap<string, Uint8Array> = new Map();
  #own: ReadonlyMap<string, Uint8Array> = new Map();
  #longName: Uint8Array | undefined;
  #isFirst = true;
  /** Of the current entry, what was not read yet. */
  #left = 0;

  constructor(feed: ByteFeed, options: ReadTarOptions) {
    this.#feed = feed;
    this.#options = options;
  }

  async *entries(): AsyncGenerator<UnpackEntry | SkippedEntry> {
    const { uri, meter, links } = this.#options;
    for (;;) {
      const header = await this.#header();
      if (header === undefined) return;
      if (await this.#takesRecord(header)) continue;
      meter.entry();
      const { name, sizeBytes, modifiedMs } = this.#said(header);
      const isList = links === "list";
      const path = isList ? name : entryPath(name, uri);
      this.#own = new Map();
      this.#longName = undefined;
      const kind = this.#kindOf(header.type, name, isList);
      if (kind === "other") {
        await this.#skip(sizeBytes, sizeBytes);
        yield { path, kind };
        continue;
      }
      if (kind === "link") {
        if (links === "refuse") throw this.#refused(name, header.type === "1" ? "a hard link" : "a symbolic link");
        await this.#skip(sizeBytes, sizeBytes);
        yield { path, kind };
        continue;
      }
      const isExecutable = (header.mode & 0o100) !== 0;
      if (kind === "folder") {
        // type D holds the names of what was there, as GNU tar writes them for incremental backups
        if (sizeBytes > 0 && header.type !== "D" && !isList) throw this.#folderWithBytes(name);
        await this.#skip(sizeBytes, sizeBytes);
        if (path !== "") yield { path, kind, sizeBytes: 0, modifiedMs, isExecutable: true, bytes: nothing() };
        continue;
      }
      if (path === "") throw archiveError("unsafe-key", uri, `the archive ${uri} has a file without a name`);
      this.#left = sizeBytes;
      const bytes = counted(this.#body(sizeBytes), meter);
      const whole = sizeBytes > wholeBytes ? undefined : () => this.#whole();
      yield { path, kind, sizeBytes, modifiedMs, isExecutable, bytes, whole };
      // what was not read is in the way of the next header
      await this.#skip(this.#left, sizeBytes);
    }
  }

  /** `undefined` at the end, behind which there is nothing but zeros. */
  async #header(): Promise<TarHeader | undefined> {
    const { uri } = this.#options;
    const block = await this.#feed.take(blockBytes);
    if (block.length < blockBytes) {
      // of something small that is no tar the first block is not there either
      const hint = this.#isFirst ? hintOfBytes(block, "tar") : undefined;
      if (hint !== undefined) throw archiveError("malformed", uri, `${uri} is no tar`, hint);
      throw archiveError("truncated", uri, `the tar ${uri} ends without its end mark`);
    }
    if (isZero(block)) {
      await this.#end();
      return undefined;
    }
    const header = parseHeader(block);
    if (header !== undefined) {
      this.#isFirst = false;
      return header;
    }
    throw this.#isFirst
      ? archiveError("malformed", uri, `${uri} is no tar`, hintOfBytes(block, "tar"))
      : archiveError("integrity", uri, `a header of the tar ${uri} does not match its checksum`);
  }

  async #end(): Promise<void> {
    for (;;) {
      const rest = await this.#feed.takeSome(pieceBytes);
      if (rest.length === 0) return;
      if (isZero(rest)) continue;
      if (await this.#isIndex(rest.slice(rest.findIndex((byte) => byte !== 0)))) return;
      const { uri } = this.#options;
      throw archiveError("malformed", uri, `something follows the end of the tar ${uri}`);
    }
  }

  /** What pixz puts behind a tar, for itself; then the rest is read, so that its checksums are. */
  async #isIndex(start: Uint8Array): Promise<boolean> {
    const missing = Math.max(0, pixzIndex.length - start.length);
    const beginning = Buffer.concat([start, await this.#feed.take(missing)]);
    if (!beginning.subarray(0, pixzIndex.length).equals(pixzIndex)) return false;
    while ((await this.#feed.takeSome(pieceBytes)).length > 0);
    return true;
  }

  /** Whether it only said something of the next entry, or of the whole tape. */
  async #takesRecord({ type, sizeBytes }: TarHeader): Promise<boolean> {
    if (type === "V") {
      await this.#skip(sizeBytes, sizeBytes);
      return true;
    }
    if (!"xgLK".includes(type) || type === "\0") return false;
    const { uri } = this.#options;
    if (sizeBytes > mostRecordBytes)
      throw archiveError("limit-exceeded", uri, `a record of the tar ${uri} claims ${sizeBytes} bytes`);
    const bytes = (await this.#exactly(sizeBytes)).slice();
    await this.#padding(sizeBytes);
    if (type === "L") {
      const end = bytes.indexOf(0);
      this.#longName = end === -1 ? bytes : bytes.subarray(0, end);
    }
    if (type !== "x" && type !== "g") return true;
    const records = parseRecords(bytes);
    if (records === undefined) throw archiveError("malformed", uri, `the tar ${uri} has pax records that are none`);
    if (type === "g") this.#global = new Map([...this.#global, ...records]);
    else this.#own = records;
    return true;
  }

  /** What the header and the records before it say together. */
  #said(header: TarHeader): { name: string; sizeBytes: number; modifiedMs: number | undefined } {
    const { uri } = this.#options;
    const record = (key: string) => this.#own.get(key) ?? this.#global.get(key);
    const name = this.#text(record("path") ?? this.#longName ?? header.name);
    for (const key of [...this.#own.keys(), ...this.#global.keys()]) {
      if (key.startsWith("GNU.sparse.")) throw this.#unsupported(name, "a sparse file");
    }
    const size = record("size");
    const modified = record("mtime");
    const sizeBytes = size === undefined ? header.sizeBytes : Number(latin(size));
    const seconds = modified === undefined ? header.modified : Number(latin(modified));
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0)
      throw archiveError("malformed", uri, `the archive ${uri} has an entry ${shownName(name)} of no size`);
    const modifiedMs = Number.isFinite(seconds) && Math.abs(seconds) < 8e12 ? Math.round(seconds * 1000) : undefined;
    return { name, sizeBytes, modifiedMs };
  }

  #kindOf(type: string, name: string, isList: boolean): "file" | "folder" | "link" | "other" {
    switch (type) {
      case "0":
      case "\0":
      case "7":
        return name.endsWith("/") ? "folder" : "file";
      case "5":
      case "D":
        return "folder";
      case "1":
      case "2":
        return "link";
      default:
        if (isList) return "other";
        throw this.#notUnpacked(type, name);
    }
  }

  #notUnpacked(type: string, name: string): Error {
    switch (type) {
      case "3":
      case "4":
        return this.#refused(name, "a device");
      case "6":
        return this.#refused(name, "a pipe");
      case "S":
        return this.#unsupported(name, "a sparse file");
      default:
        return this.#unsupported(name, `an entry of the type ${shownName(type)}`);
    }
  }

  #text(bytes: Uint8Array): string {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      const { uri } = this.#options;
      const shown = shownName(latin(bytes));
      throw archiveError("unrepresentable-name", uri, `the archive ${uri} has a name that is not UTF-8: ${shown}`);
    }
  }

  #refused(name: string, what: string): Error {
    const { uri } = this.#options;
    const hint = what.endsWith("link")
      ? 'a link can lead out of the target; leave links out with { links: "skip" } (--links skip)'
      : undefined;
    const message = `the archive ${uri} has an entry ${shownName(name)}, which is ${what}; nothing was unpacked`;
    return archiveError("unsafe-key", uri, message, hint);
  }

  #folderWithBytes(name: string): Error {
    const { uri } = this.#options;
    const hint = "make the archive again: one cannot be both a file and a folder";
    const message = `the archive ${uri} has a folder ${shownName(name)} that holds bytes; nothing was unpacked`;
    return archiveError("malformed", uri, message, hint);
  }

  #unsupported(name: string, what: string): Error {
    const { uri } = this.#options;
    return archiveError("unsupported", uri, `the archive ${uri} has an entry ${shownName(name)}, which is ${what}`);
  }

  async *#body(sizeBytes: number): AsyncGenerator<Bytes> {
    this.#left = sizeBytes;
    while (this.#left > 0) {
      const piece = await this.#feed.takeSome(Math.min(this.#left, pieceBytes));
      if (piece.length === 0) throw this.#truncated();
      this.#left -= piece.length;
      yield piece as Bytes;
    }
  }

  async #whole(): Promise<Bytes> {
    const bytes = await this.#exactly(this.#left);
    this.#options.meter.bytes(bytes.length);
    this.#left = 0;
    return bytes as Bytes;
  }

  async #skip(left: number, sizeBytes: number): Promise<void> {
    if (left > 0) for await (const _ of this.#body(left));
    if ((sizeBytes & (blockBytes - 1)) !== 0) await this.#padding(sizeBytes);
  }

  async #padding(sizeBytes: number): Promise<void> {
    await this.#exactly(-sizeBytes & (blockBytes - 1));
  }

  async #exactly(count: number): Promise<Uint8Array> {
    const bytes = await this.#feed.take(count);
    if (bytes.length < count) throw this.#truncated();
    return bytes;
  }

  #truncated(): Error {
    const { uri } = this.#options;
    return archiveError("truncated", uri, `the tar ${uri} ends within an entry`);
  }
}

async function* counted(body: AsyncGenerator<Bytes>, meter: ArchiveMeter): AsyncGenerator<Bytes> {
  for await (const piece of body) {
    meter.bytes(piece.length);
    yield piece;
  }
}

async function* nothing(): AsyncGenerator<Bytes> {}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
