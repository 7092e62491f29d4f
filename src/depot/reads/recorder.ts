/** What one piece of work has read so far, each thing once, in the order in which it was first asked for. */
import { type ListedEntry, ListingNote } from "./listing-note.ts";
import {
  nameOfRead,
  placeName,
  type SeenListing,
  type SeenObject,
  type SeenQuestion,
  type SeenRead,
  type SeenWrite,
} from "./seen-read.ts";

export type { ListedEntry } from "./listing-note.ts";

export class Recorder {
  readonly #reads = new Map<string, SeenRead>();
  readonly #own = new Map<string, SeenWrite>();
  readonly #ownUris = new Set<string>();
  readonly #listings = new Set<ListingNote>();
  readonly #outer: Recorder | undefined;

  /** What is read within is read within `outer`, too. */
  constructor(outer?: Recorder) {
    this.#outer = outer;
  }

  /** The first sight of a thing stays: work that saw two versions depends on the older one, too. */
  note(read: SeenRead): void {
    this.#outer?.note(read);
    this.#keep(read);
  }

  /** A read began anew because the object was replaced meanwhile: nothing of `before` reached the work. */
  noteInstead(before: SeenObject, read: SeenObject): void {
    this.#outer?.noteInstead(before, read);
    if (this.#reads.get(nameOfRead(before)) === before) this.#reads.set(nameOfRead(read), read);
    else this.#keep(read);
  }

  /** What the work has written or removed is its own from here on. */
  wrote(write: SeenWrite): void {
    this.#outer?.wrote(write);
    this.#own.set(placeName(write), write);
    this.#ownUris.add(write.uri);
  }

  /** As each was left in the end, in the order in which they were first written. */
  writes(): readonly SeenWrite[] {
    return [...this.#own.values()];
  }

  /** In whichever store. */
  isOwn(uri: string): boolean {
    return this.#ownUris.has(uri);
  }

  /** A listing of what lies at or below `uri` begins. */
  beginListing(uri: string, options: SeenQuestion, origin?: string): ListingInProgress {
    const own = [...this.#own.values()].filter((each) => each.uri.startsWith(uri) && each.origin === origin);
    const note = new ListingNote(uri, options, own.map((each) => each.uri).sort(), origin);
    const outer = this.#outer?.beginListing(uri, options, origin);
    this.#listings.add(note);
    return {
      add(entry) {
        outer?.add(entry);
        note.add(entry);
      },
      end: (ended) => {
        outer?.end(ended);
        const seen = note.seen(ended);
        if (this.#listings.delete(note)) this.#keep(seen);
        return seen;
      },
    };
  }

  /** Listings that are half read count as far as they got. */
  reads(): readonly SeenRead[] {
    for (const listing of this.#listings) this.#keep(listing.seen(true));
    this.#listings.clear();
    return [...this.#reads.values()];
  }

  #keep(read: SeenRead): void {
    if (isSingle(read) && this.#own.has(placeName(read)) && !this.#reads.has(placeName(read))) return;
    const name = nameOfRead(read);
    const known = this.#reads.get(name);
    if (known === undefined || isMore(known, read)) this.#reads.set(name, read);
  }
}

function isSingle({ kind }: SeenRead): boolean {
  return kind === "object" || kind === "absent";
}

/** A listing that is under way. */
export interface ListingInProgress {
  add(entry: ListedEntry): void;
  /** `ended`: it was left before its end. */
  end(ended: boolean): SeenListing;
}

/** Whether the same thing is known better. */
function isMore(known: SeenRead, read: SeenRead): boolean {
  if (known.kind === "object" && read.kind === "object")
    return known.etag === read.etag && known.checksum === undefined && read.checksum !== undefined;
  return known.kind === "listing" && read.kind === "listing" && known.ended === true && read.entries > known.entries;
}
