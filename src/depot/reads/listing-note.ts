/** A listing as one digest of what it gave, in order. Two that gave the same have the same. */
import { createHash } from "node:crypto";
import { inStore, type SeenListing, type SeenQuestion } from "./seen-read.ts";

/** What counts of an entry. */
export interface ListedEntry {
  readonly uri: string;
  readonly etag?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly modifiedMs?: number | undefined;
  readonly versionId?: string | undefined;
}

const pieceLength = 65_536;

export class ListingNote {
  readonly uri: string;
  readonly options: SeenQuestion;
  readonly #origin: string | undefined;
  readonly #without: ReadonlySet<string>;
  readonly #hash = createHash("sha256");
  #text = "";
  #entries = 0;
  #note: SeenListing | undefined;

  /** `without`: what the work itself had written before. */
  constructor(uri: string, options: SeenQuestion, without: readonly string[], origin?: string) {
    this.uri = uri;
    this.options = options;
    this.#origin = origin;
    this.#without = new Set(without);
  }

  get entries(): number {
    return this.#entries;
  }

  leavesOut({ uri }: ListedEntry): boolean {
    return this.#without.has(uri);
  }

  add(entry: ListedEntry): void {
    if (this.#note !== undefined || this.leavesOut(entry)) return;
    this.#entries += 1;
    this.#text += `${JSON.stringify(partsOf(entry, this.uri.length))}\n`;
    if (this.#text.length > pieceLength) this.#flush();
  }

  /** `ended`: it was left before its end. From here on nothing is added. */
  seen(ended: boolean): SeenListing {
    if (this.#note !== undefined) return this.#note;
    this.#flush();
    const { uri, options } = this;
    const digest = `sha256:${this.#hash.digest("hex")}`;
    this.#note = {
      kind: "listing",
      uri,
      ...inStore(this.#origin),
      options,
      digest,
      entries: this.#entries,
      ...(ended ? { ended } : {}),
      ...(this.#without.size === 0 ? {} : { without: [...this.#without] }),
    };
    return this.#note;
  }

  #flush(): void {
    this.#hash.update(this.#text);
    this.#text = "";
  }
}

/** The ETag of a file of this disk is another one on every disk, and after every link; size and time tell as much of it as others look at. */
function partsOf({ uri, etag, sizeBytes, modifiedMs, versionId }: ListedEntry, from: number): readonly unknown[] {
  const path = uri.slice(from);
  if (sizeBytes === undefined && modifiedMs === undefined) return [path];
  const version = etag === undefined || uri.startsWith("file:") ? modifiedMs : etag;
  return versionId === undefined ? [path, version, sizeBytes] : [path, version, sizeBytes, versionId];
}
