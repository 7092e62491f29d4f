/**
 * Names that differ only by case, or by the normal form of their letters: many disks take them for one, so that an archive would become
 * another folder on each. Checked while entries come, before they are written.
 */
import { archiveError, shownName } from "./archive-error.ts";
import type { SkippedEntry, UnpackEntry } from "./entry.ts";

/** Passes entries on; what is skipped has no name in the folder. Error: unrepresentable-name. */
export async function* distinctEntries(
  entries: AsyncIterable<UnpackEntry | SkippedEntry>,
  uri: string,
): AsyncGenerator<UnpackEntry | SkippedEntry> {
  const names = new DistinctNames(uri);
  for await (const entry of entries) {
    if (entry.bytes !== undefined) names.add(entry.path);
    yield entry;
  }
}

class DistinctNames {
  readonly #uri: string;
  /** What disks may take a path for, with how it was written first. */
  readonly #seen = new Map<string, string>();
  /** Entries of one folder mostly come together. */
  #lastAbove = "";

  constructor(uri: string) {
    this.#uri = uri;
  }

  add(path: string): void {
    const slash = path.lastIndexOf("/");
    const above = path.slice(0, Math.max(0, slash));
    if (above !== this.#lastAbove) {
      for (let at = above.indexOf("/"); at !== -1; at = above.indexOf("/", at + 1)) this.#one(above.slice(0, at));
      if (above !== "") this.#one(above);
      this.#lastAbove = above;
    }
    this.#one(path);
  }

  #one(path: string): void {
    const folded = foldedName(path);
    const before = this.#seen.get(folded);
    if (before === undefined) this.#seen.set(folded, path);
    else if (before !== path) throw this.#similar(before, path);
  }

  #similar(one: string, other: string): Error {
    const how = one.normalize("NFC") === other.normalize("NFC") ? "the normal form of letters" : "case or letter forms";
    const message = `the archive ${this.#uri} has ${shownName(one)} and ${shownName(other)}, which differ by ${how} alone; nothing was unpacked`;
    const hint = 'on a disk that tells them apart unpack it with { similarNames: "keep" } (--similar-names keep)';
    return archiveError("unrepresentable-name", this.#uri, message, hint);
  }
}

/** The same for all that a disk may take for one another: Windows and macOS fold case, macOS normal forms, too. */
function foldedName(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has one normal form
  if (/^[\x00-\x7f]*$/.test(path)) return path.toLowerCase();
  return path.normalize("NFKC").toLowerCase().replaceAll("ς", "σ").normalize("NFKC");
}
