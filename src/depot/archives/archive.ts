/** One archive as a room of its own: what is in it, and single members, without fetching the rest where its format allows that. */
import {
  type ArchiveFormat,
  ArchiveMeter,
  compressionOf,
  formatOf,
  memberName,
  readTar,
  type SkippedEntry,
  type UnpackEntry,
  unpackEntry,
  ZipIndex,
  type ZipRecord,
} from "../../archive/index.ts";
import { type Bytes, decode, gathered } from "../../codec/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { untilAborted } from "../../store/index.ts";
import { signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import type { FileSource } from "../file-source.ts";
import { joinSignals } from "../join-signals.ts";
import type { SignalOptions } from "../options.ts";
import { parseByteSize } from "../units.ts";
import type { ArchiveMember, ArchiveOptions } from "./types.ts";
import { openExact, storedBytes } from "./unpack.ts";
import { rangesAsZip } from "./zip-sources.ts";

/** The most that one array is to hold by default. */
const maxArrayBytes = 2 * 1024 ** 3;

interface OpenZip {
  readonly index: ZipIndex;
  readonly file: FileSource;
}

/** What stands behind an `Archive`. */
export class OpenArchive {
  readonly #context: Context;
  readonly #place: Place;
  readonly #format: ArchiveFormat;
  readonly #options: ArchiveOptions;
  /** Of one member. */
  readonly #maxBytes: number | undefined;
  readonly #closing: AbortController = new AbortController();
  #zip: Promise<OpenZip> | undefined;

  constructor(context: Context, place: Place, options: ArchiveOptions) {
    this.#context = context;
    this.#place = place;
    this.#format = formatOf(place.key, place.uri, options.format);
    this.#options = options;
    this.#maxBytes = options.maxBytes === undefined ? undefined : parseByteSize(options.maxBytes);
  }

  async *members(options: SignalOptions): AsyncGenerator<ArchiveMember> {
    if (this.#format === "zip") {
      const index = await this.#openZip(options);
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

  /** All of the file with this path, at once: up to 2 GiB unless told otherwise. Errors: those of `bytes`. */
  whole(path: string, options: SignalOptions): Promise<Bytes> {
    return gathered(this.bytes(path, options, maxArrayBytes));
  }

  /** The bytes of the file with this path. Errors: not-found, malformed, limit-exceeded. */
  async *bytes(path: string, options: SignalOptions, usualBytes: number = Infinity): AsyncGenerator<Bytes> {
    const maxBytes = this.#maxBytes ?? usualBytes;
    const wanted = memberName(path);
    if (this.#format === "zip") {
      const index = await this.#openZip(options);
      yield* this.#within(await this.#zipMember(index, wanted), maxBytes).bytes;
      return;
    }
    for await (const entry of this.#tar("skip", options)) {
      if (memberName(entry.path) !== wanted) continue;
      yield* this.#within(this.#file(entry), maxBytes).bytes;
      return;
    }
    throw this.#missing(path);
  }

  async close(): Promise<void> {
    this.#closing.abort(new TypeError(`the archive ${this.#place.uri} was closed`));
    const zip = await this.#zip?.catch(() => undefined);
    await zip?.file.close();
  }

  async #zipMember(index: ZipIndex, wanted: string): Promise<UnpackEntry> {
    const { uri } = this.#place;
    const [found, second] = (await index.find(wanted)).filter(({ kind }) => kind !== "folder");
    if (second !== undefined) {
      const hint = "make the archive again; which of the two is meant, nobody knows";
      const message = `the archive ${uri} has two entries ${JSON.stringify(wanted)}`;
      throw new EntrepotError("malformed", message, { uri, hint });
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

  /** What it says is its size is held against what comes out. Error: limit-exceeded. */
  #within(entry: UnpackEntry, maxBytes: number): UnpackEntry {
    if (entry.sizeBytes <= maxBytes) return entry;
    const { uri } = this.#place;
    const message = `the file ${JSON.stringify(entry.path)} of the archive ${uri} holds ${entry.sizeBytes} bytes, more than ${maxBytes}`;
    throw new EntrepotError("limit-exceeded", message, { uri, hint: "raise maxBytes, or read it as a stream" });
  }

  #missing(path: string): EntrepotError {
    const { uri } = this.#place;
    const message = `the archive ${uri} has no file ${JSON.stringify(path)}`;
    return new EntrepotError("not-found", message, { uri, hint: "list the archive to see what there is" });
  }

  #tar(links: "skip" | "list", options: SignalOptions): AsyncGenerator<UnpackEntry | SkippedEntry> {
    const { uri } = this.#place;
    const signal = this.#signal(options);
    const stored = storedBytes(this.#place, this.#options.cache, signal);
    const compression = this.#format === "zip" ? undefined : compressionOf(this.#format);
    const tar =
      compression === undefined
        ? stored
        : decode(compression, stored, { uri, maxRatio: this.#options.maxRatio, signal });
    return readTar(tar, { uri, meter: this.#meter(), links });
  }

  #meter(): ArchiveMeter {
    return new ArchiveMeter(this.#place.uri, { maxRatio: this.#options.maxRatio });
  }

  /** The index, for reads under the signal of this call. */
  async #openZip(options: SignalOptions): Promise<ZipIndex> {
    const signal = this.#signal(options);
    if (this.#zip === undefined) {
      const opening = this.#open();
      this.#zip = opening;
      // a failure is not remembered
      opening.catch(() => {
        if (this.#zip === opening) this.#zip = undefined;
      });
    }
    const { index, file } = await untilAborted(this.#zip, signal);
    return index.through(rangesAsZip(file, signal));
  }

  /** It serves every later call, so that the one that happens to be first cannot abort it. */
  async #open(): Promise<OpenZip> {
    const signal = this.#signal({ signal: this.#closing.signal });
    const file = await openExact(this.#context, this.#place, this.#options.cache, signal);
    try {
      return { index: await ZipIndex.open(rangesAsZip(file, signal), this.#meter(), { named: true }), file };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  #signal(options: SignalOptions): AbortSignal | undefined {
    const signal = joinSignals(signalOf(this.#context, options), this.#options.signal);
    signal?.throwIfAborted();
    return signal;
  }
}

function memberOf({ name, kind, sizeBytes, modifiedMs }: ZipRecord): ArchiveMember {
  return { path: name, kind, sizeBytes, modifiedMs };
}
