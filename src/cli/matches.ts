/**
 * `--glob`: operands that are patterns of the depot instead of literal addresses. A pattern that matches nothing is
 * a failure, found before anything is done.
 */
import type { Depot, EntryOf, FilterOptions } from "../depot/index.ts";
import { EntrepotError } from "../error/index.ts";
import { type Flag, flag } from "./option.ts";

type Kind = keyof EntryOf;

export const globOption: Flag = flag("sources are patterns: * ? [a-z] [!a] {a,b} **");

export const patternNote =
  "With --glob an address is a pattern (quote it): * and ? stay within a name, ** crosses folders.";

/** The same words in the help of every command that has -r, too. */
export const globNote: string = `${patternNote} What matches are objects, with -r folders, too.`;

/**
 * What the patterns match, each object once; listed as it is read. Resolves when each of them has matched something. Errors:
 * not-found for one that matches nothing, those of `depot.glob`.
 */
export async function openMatches<K extends Kind>(
  depot: Pick<Depot, "glob">,
  patterns: readonly string[],
  kind: K,
  filters: FilterOptions = {},
): Promise<AsyncIterable<EntryOf[K]>> {
  const opened: Opened<EntryOf[K]>[] = [];
  try {
    for (const pattern of patterns) {
      const rest = depot.glob<K>(pattern, { ...filters, kind })[Symbol.asyncIterator]();
      const first = await rest.next();
      if (first.done === true) throw new NothingMatches(pattern);
      opened.push({ first: first.value, rest });
    }
  } catch (error) {
    for (const { rest } of opened) await rest.return?.();
    throw error;
  }
  return each(opened);
}

/** A listing whose first entry has been taken out. */
interface Opened<T> {
  readonly first: T;
  readonly rest: AsyncIterator<T>;
}

async function* each<T extends { readonly uri: string }>(opened: readonly Opened<T>[]): AsyncGenerator<T> {
  const seen = new Set<string>();
  try {
    for (const { first, rest } of opened) {
      for (let next: IteratorResult<T> = { value: first }; next.done !== true; next = await rest.next()) {
        if (opened.length > 1 && seen.has(next.value.uri)) continue;
        if (opened.length > 1) seen.add(next.value.uri);
        yield next.value;
      }
    }
  } finally {
    for (const { rest } of opened) await rest.return?.();
  }
}

export interface Matches {
  readonly objects: readonly EntryOf["object"][];
  /** Those that lie in no other one; what lies in them is not among `objects`. */
  readonly folders: readonly EntryOf["folder"][];
}

/** As `openMatches`, with folders, each of which stands for all that lies in it. */
export async function collectMatches(
  depot: Pick<Depot, "glob">,
  patterns: readonly string[],
  filters: FilterOptions = {},
): Promise<Matches> {
  const objects: EntryOf["object"][] = [];
  const folders = new Map<string, EntryOf["folder"]>();
  for await (const entry of await openMatches(depot, patterns, "any", filters)) {
    if (entry.kind === "folder") folders.set(entry.uri, entry);
    else objects.push(entry);
  }
  const isOutermost = ({ uri }: EntryOf["any"]) => !foldersAbove(uri).some((above) => folders.has(above));
  return { objects: objects.filter(isOutermost), folders: [...folders.values()].filter(isOutermost) };
}

/** The folders that hold what `uri` names, the outermost first. */
function foldersAbove(uri: string): string[] {
  const above: string[] = [];
  for (let at = uri.indexOf("/", uri.indexOf("://") + 3); at >= 0 && at < uri.length - 1; at = uri.indexOf("/", at + 1))
    above.push(uri.slice(0, at + 1));
  return above;
}

/** What was collected, as a source of a copy or a removal: the entries know what else would be asked for. */
export async function* sourcesOf<T>(entries: readonly T[]): AsyncGenerator<T> {
  yield* entries;
}

export class NothingMatches extends EntrepotError<"not-found"> {
  constructor(pattern: string) {
    super("not-found", `nothing matches ${pattern}`, {
      hint: "entrepot ls the folder before the first wildcard shows what is there; ** reaches into folders",
    });
  }
}
