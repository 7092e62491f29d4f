/**
 * The index of a zip, read once and checked: as many entries as it says, no two whose bytes overlap. The records themselves are parsed
 * anew each time: of a million entries only their places are held.
 */
import { archiveError } from "../archive-error.ts";
import type { ArchiveMeter } from "../limits.ts";
import { findEnd, type ZipEnd } from "./end-record.ts";
import { type MemberPlaces, memberName, PlacesBuilder } from "./member-places.ts";
import { localBytes } from "./signatures.ts";
import type { ZipSource } from "./source.ts";
import { type ParseLine, parsePlace, parseRecord, type ZipRecord } from "./zip-record.ts";

/** Of an index up to this size the bytes are kept; a larger one is read again. */
const keptBytes = 32 * 1024 * 1024;
const pieceBytes = 1024 * 1024;
/** One line of a large index, most of the time. */
const likelyLine = 512;

export interface ZipIndexOptions {
  /** For `find`: remembers where each name stands. Default false. */
  readonly named?: boolean | undefined;
}

export class ZipIndex {
  readonly source: ZipSource;
  readonly #end: ZipEnd;
  readonly #kept: Uint8Array | undefined;
  /** Where entries begin, sorted. */
  #places: Float64Array = new Float64Array(0);
  #names: MemberPlaces | undefined;

  /** Errors: malformed, truncated, unsupported, limit-exceeded, and those of the source. */
  static async open(source: ZipSource, meter: ArchiveMeter, options: ZipIndexOptions = {}): Promise<ZipIndex> {
    const end = await findEnd(source);
    if (end.isExact) meter.claimed(end.entries);
    const size = end.end - end.start;
    const kept = size <= keptBytes ? await indexBytes(source, end) : undefined;
    const index = new ZipIndex(source, end, kept);
    await index.#check(meter, options.named === true ? new PlacesBuilder() : undefined);
    return index;
  }

  private constructor(source: ZipSource, end: ZipEnd, kept: Uint8Array | undefined) {
    this.source = source;
    this.#end = end;
    this.#kept = kept;
  }

  /** The same index for reads of the same bytes by another way, such as under another signal. */
  through(source: ZipSource): ZipIndex {
    const index = new ZipIndex(source, this.#end, this.#kept);
    index.#places = this.#places;
    index.#names = this.#names;
    return index;
  }

  get entries(): number {
    return this.#places.length;
  }

  /** In the order of the index. */
  records(): AsyncGenerator<ZipRecord> {
    return this.#each(parseRecord, this.#end.start);
  }

  /** All of this name, `./` before and `/` behind it aside, folders too, without walking the rest. The index is `named`. */
  async find(name: string): Promise<readonly ZipRecord[]> {
    if (this.#names === undefined) throw new TypeError("a zip's index finds names when it was opened as named");
    const found: ZipRecord[] = [];
    for (const lineAt of this.#names.of(name)) {
      for await (const record of this.#each(parseRecord, lineAt, likelyLine)) {
        if (memberName(record.name) === memberName(name)) found.push(record);
        break;
      }
    }
    return found;
  }

  /** From the line that begins at `from`, in bytes of the archive. `onLine` is told where each begins. */
  async *#each<T>(
    parse: ParseLine<T>,
    from: number,
    fetchBytes: number = pieceBytes,
    onLine?: (lineAt: number) => void,
  ): AsyncGenerator<T> {
    const { start, end, before } = this.#end;
    const { uri } = this.source;
    let bytes = this.#kept ?? new Uint8Array(0);
    let fetched = this.#kept === undefined ? from : end;
    let at = this.#kept === undefined ? 0 : from - start;
    for (;;) {
      if (at === bytes.length && fetched === end) return;
      const parsed = parse(bytes, at, uri, before);
      if (parsed.needs === undefined) {
        onLine?.(fetched - bytes.length + at);
        at = parsed.next;
        yield parsed.line;
        continue;
      }
      if (fetched === end) throw archiveError("malformed", uri, `the index of the zip ${uri} ends within an entry`);
      const next = Math.min(end, fetched + Math.max(fetchBytes, parsed.needs));
      const more = await this.source.read(fetched, next);
      bytes = new Uint8Array(Buffer.concat([bytes.subarray(at), more]));
      at = 0;
      fetched = next;
    }
  }

  /** Where the next entry, or the index, begins: no byte of this one lies behind. */
  limitOf({ headerAt }: ZipRecord): number {
    const places = this.#places;
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle] ?? 0) <= headerAt) low = middle + 1;
      else high = middle;
    }
    return places[low] ?? this.#end.start;
  }

  async #check(meter: ArchiveMeter, names: PlacesBuilder | undefined): Promise<void> {
    const { uri } = this.source;
    const { entries, isExact, start } = this.#end;
    let places = new Float64Array(Math.min(entries, 65_536));
    let count = 0;
    let lineAt = start;
    const onLine = (at: number) => {
      lineAt = at;
    };
    const lines =
      names === undefined ? this.#each(parsePlace, start) : this.#each(parseRecord, start, pieceBytes, onLine);
    for await (const line of lines) {
      meter.entry();
      if (typeof line !== "number") names?.add(line.name, lineAt);
      const headerAt = typeof line === "number" ? line : line.headerAt;
      if (count === places.length) {
        const roomier = new Float64Array(Math.max(64, count * 2));
        roomier.set(places);
        places = roomier;
      }
      places[count] = headerAt;
      count += 1;
      if (headerAt + localBytes > start)
        throw archiveError("malformed", uri, `the index of the zip ${uri} names an entry that lies outside of it`);
    }
    if (isExact ? count !== entries : (count & 0xffff) !== entries)
      throw archiveError("malformed", uri, `the index of the zip ${uri} has ${count} entries and claims ${entries}`);
    this.#places = places.slice(0, count).sort();
    this.#names = names?.built();
    for (let place = 1; place < count; place += 1) {
      if (this.#places[place] === this.#places[place - 1])
        throw archiveError("malformed", uri, `the zip ${uri} has two entries that share their bytes`);
    }
  }
}

async function indexBytes(source: ZipSource, { start, end, tail, tailStart }: ZipEnd): Promise<Uint8Array> {
  if (start >= tailStart) return tail.slice(start - tailStart, end - tailStart);
  const first = await source.read(start, Math.min(end, tailStart));
  const rest = tail.subarray(0, Math.max(0, end - tailStart));
  return new Uint8Array(Buffer.concat([first, rest]));
}
