/** What lies in a repository and begins with a prefix, with its whole keys. */
import type { Depot } from "../../depot/index.ts";
import { compareKeys } from "../../uri/index.ts";
import { markerPrefix } from "./marked.ts";
import type { RepositoryEntry, RepositoryPlace } from "./place.ts";

interface ListSettings {
  readonly signal: AbortSignal | undefined;
  /** Also the markers that the prefix does not cover. */
  readonly markers: boolean;
}

/** In the order of their keys. What ends in `/` marks a folder and is no file. Errors: those of a listing. */
export async function listEntries(
  data: Depot,
  place: RepositoryPlace,
  prefix: string,
  { signal, markers }: ListSettings,
): Promise<RepositoryEntry[]> {
  const beside = markers ? markerPrefix(prefix) : undefined;
  const lists = [prefix, ...(beside === undefined ? [] : [beside])].map(async (asked) => {
    const { uri, base } = place.below(asked);
    // markers of deeper files lie beside them, where the prefix leads anyway
    const options =
      asked === beside ? { prefix: true, signal, shards: 1, depth: 1 } : { prefix: true, signal, shards: 1 };
    const found: RepositoryEntry[] = [];
    for await (const { path, sizeBytes, etag } of data.list(uri, options)) {
      const key = base + path;
      if (!key.endsWith("/")) found.push({ key, sizeBytes, etag });
    }
    return found;
  });
  const [files = [], marks = []] = await Promise.all(lists);
  if (marks.length === 0) return files;
  const all = new Map([...files, ...marks].map((entry) => [entry.key, entry]));
  return [...all.values()].sort((a, b) => compareKeys(a.key, b.key));
}
