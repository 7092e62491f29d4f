/** One archive as a room of its own: what is in it, and single members, without fetching the rest where its format allows that. */
import {
  type ArchiveFormat,
  ArchiveMeter,
  compressionOf,
  formatOf,
  readTar,
  type SkippedEntry,
  type UnpackEntry,
  unpackEntry,
  ZipIndex,
  type ZipRecord,
} from "../../archive/index.ts";
import { type Bytes, decode } from "../../codec/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import type { SignalOptions } from "../options.ts";
import type { ArchiveMember, ArchiveOptions } from "./types.ts";
import { openRanges, storedBytes } from "./unpack.ts";

interface OpenZip {
  readonly index: ZipIndex;
  close(): Promise<void>;
}

/** What stands behind an `Archive`. */
export class OpenArchive {
  readonly #context: Context;
  readonly #place: Place;
  readonly #format: ArchiveFormat;
  readonly #options: ArchiveOptions;
  #zip: Promise<OpenZip> | undefined;

  constructor(context: Context, place: Place, options: ArchiveOptions) {
    this.#context = context;
    this.#place = place;
    this.#format = formatOf(place.key, place.uri, options.format);
    this.#options = options;
  }

  async *members(options: SignalOptions): AsyncGenerator<ArchiveMember> {
    if (this.#format === "zip") {
      const { index } = await this.#openZip(options);
      for await (const record of index.records()) yield memberOf(record);
      return;
    }
    for await (const entry of this.#tar("list", options)) {
      const { path, kind } = entry;
      const isEntry = entry.bytes !== undefined;
      yield {
        path,
        kind,
        sizeBytes: isEntry ? entry.sizeBytes : 0,
        modifiedMs: isEntry ? entry.modifiedMs : undefined,
      };
    }
  }

  /** The bytes of the file with this path. Errors: not-found, malformed. */
  async *bytes(path: string, options: SignalOptions): AsyncGenerator<Bytes> {
    const wanted = plain(path);
    if (this.#format === "zip") {
      const zip = await this.#openZip(options);
      yield* (await this.#zipMember(zip.index, wanted)).bytes;
      return;
    }
    for await (const entry of this.#tar("skip", options)) {
      if (plain(entry.path) !== wanted) continue;
      yield* this.#file(entry).bytes;
      return;
    }
    throw this.#missing(path);
  }

  async close(): Promise<void> {
    const zip = await this.#zip?.catch(() => undefined);
    await zip?.close();
  }

  async #zipMember(index: ZipIndex, wanted: string): Promise<UnpackEntry> {
    let found: ZipRecord | undefined;
    for await (const record of index.records()) {
      if (plain(record.name) !== wanted || record.kind === "folder") continue;
      const { uri } = this.#place;
      if (found !== undefined) {
        const hint = "make the archive again; which of the two is meant, nobody knows";
        throw new EntrepotError("malformed", `the archive ${uri} has two entries ${JSON.stringify(wanted)}`, {
          uri,
          hint,
        });
      }
      found = record;
    }
    const entry = found && unpackEntry(index, found, { meter: this.#meter(), links: "skip" });
    if (entry === undefined) throw this.#missing(wanted);
    return this.#file(entry);
  }

  #file(entry: UnpackEntry | SkippedEntry): UnpackEntry {
    if (entry.bytes !== undefined && entry.kind === "file") return entry;
    const { uri } = this.#place;
    const message = `the entry ${JSON.stringify(entry.path)} of the archive ${uri} is no file`;
    throw new EntrepotError("unsupported", message, { uri, hint: "list the archive to see what there is" });
  }

  #missing(path: string): EntrepotError {
    const { uri } = this.#place;
    const message = `the archive ${uri} has no file ${JSON.stringify(path)}`;
    return new EntrepotError("not-found", message, { uri, hint: "list the archive to see what there is" });
  }

  #tar(links: "skip" | "list", options: SignalOptions): AsyncGenerator<UnpackEntry | SkippedEntry> {
    const { uri } = this.#place;
    const stored = storedBytes(this.#place, this.#options.cache, this.#signal(options));
    const compression = this.#format === "zip" ? undefined : compressionOf(this.#format);
    const tar =
      compression === undefined ? stored : decode(compression, stored, { uri, maxRatio: this.#options.maxRatio });
    return readTar(tar, { uri, meter: this.#meter(), links });
  }

  #meter(): ArchiveMeter {
    return new ArchiveMeter(this.#place.uri, { maxRatio: this.#options.maxRatio });
  }

  #openZip(options: SignalOptions): Promise<OpenZip> {
    if (this.#zip === undefined) {
      const opening = this.#open(options);
      this.#zip = opening;
      // a failure is not remembered
      opening.catch(() => {
        if (this.#zip === opening) this.#zip = undefined;
      });
    }
    return this.#zip;
  }

  async #open(options: SignalOptions): Promise<OpenZip> {
    const { source, close } = await openRanges(this.#context, this.#place, {
      cache: this.#options.cache,
      signal: this.#signal(options),
    });
    try {
      return { index: await ZipIndex.open(source, this.#meter()), close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  #signal(options: SignalOptions): AbortSignal | undefined {
    return signalOf(this.#context, options) ?? this.#options.signal;
  }
}

function memberOf({ name, kind, sizeBytes, modifiedMs }: ZipRecord): ArchiveMember {
  return { path: name, kind, sizeBytes, modifiedMs };
}

/** How a path is asked for, whatever the archive writes around it. */
const plain = (path: string): string => path.replace(/^(?:\.\/)+/, "").replace(/\/$/, "");
