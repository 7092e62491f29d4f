/** Which files are whole: those beside which their marker lies, `.name.meta` for `name`. Pure. */
import type { IncompleteFile } from "../../depot/index.ts";
import { compareKeys } from "../../uri/index.ts";
import type { RepositoryEntry } from "./place.ts";

export interface Marked {
  readonly files: readonly RepositoryEntry[];
  /** Markers without their file. */
  readonly incomplete: readonly IncompleteFile[];
  /** Files without a marker. */
  readonly unmarked: readonly IncompleteFile[];
}

const ending = ".meta";

/** The key that a marker speaks of; `undefined` for what is no marker. */
export function markedKey(key: string): string | undefined {
  const name = key.slice(key.lastIndexOf("/") + 1);
  if (!name.startsWith(".") || !name.endsWith(ending) || name.length <= 1 + ending.length) return undefined;
  return key.slice(0, key.length - name.length) + name.slice(1, -ending.length);
}

/** What a second listing is to begin with, for the markers of files beside each other that begin with `prefix`; `undefined` for none. */
export function markerPrefix(prefix: string): string | undefined {
  const name = prefix.slice(prefix.lastIndexOf("/") + 1);
  // the markers of a whole folder begin as its files do
  return name === "" ? undefined : `${prefix.slice(0, prefix.length - name.length)}.${name}`;
}

/** `entries` are all that there is, markers included, in the order of their keys. */
export function marked(
  entries: readonly RepositoryEntry[],
  useMetaFiles: boolean,
  uriOf: (key: string) => string,
): Marked {
  const files = entries.filter(({ key }) => markedKey(key) === undefined);
  if (!useMetaFiles) return { files, incomplete: [], unmarked: [] };
  const there = new Set(files.map(({ key }) => key));
  const whole = new Set<string>();
  const incomplete: IncompleteFile[] = [];
  for (const { key } of entries) {
    const file = markedKey(key);
    if (file === undefined) continue;
    if (there.has(file)) whole.add(file);
    else incomplete.push({ uri: uriOf(key), path: key, reason: `marks ${nameOf(file)}, which is not there` });
  }
  const waiting = files.filter(({ key }) => !whole.has(key));
  return {
    files: files.filter(({ key }) => whole.has(key)),
    incomplete: incomplete.sort((a, b) => compareKeys(a.path, b.path)),
    unmarked: waiting.map(({ key }) => ({
      uri: uriOf(key),
      path: key,
      reason: `has no marker .${nameOf(key)}${ending}`,
    })),
  };
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
