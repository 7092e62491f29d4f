/** Which link tree the copies make: a readable name for each, of which no two clash. Pure. */
import { escapeName } from "../../disk/index.ts";

/** What is told of a copy. */
export interface Linkable {
  readonly uri: string;
  readonly path: string;
  readonly checkedMs: number;
}

export interface LinkTree {
  /** From the path below the tree, with `/`, to the data file. */
  readonly links: ReadonlyMap<string, string>;
  /** Copies that share their address with one that was confirmed later. */
  readonly hidden: number;
}

/** U+201B, as the name map has it; what follows it here is no escape of the map, so no key gets such a name. */
const besideFolder = "\u201bobject";

/** `s3/bucket/key`, `https/host/path`; an object whose name a folder needs gets a mark behind it. */
export function linkTree(copies: Iterable<Linkable>): LinkTree {
  const newest = new Map<string, Linkable>();
  let hidden = 0;
  for (const copy of copies) {
    const twin = newest.get(copy.uri);
    if (twin !== undefined) hidden += 1;
    if (twin === undefined || twin.checkedMs < copy.checkedMs) newest.set(copy.uri, copy);
  }
  const names = new Map([...newest.values()].map((copy) => [treeName(copy.uri), copy.path]));
  const folders = new Set<string>();
  for (const name of names.keys())
    for (let end = name.indexOf("/"); end !== -1; end = name.indexOf("/", end + 1)) folders.add(name.slice(0, end));
  const links = new Map<string, string>();
  for (const [name, path] of names) links.set(folders.has(name) ? name + besideFolder : name, path);
  return { links, hidden };
}

function treeName(uri: string): string {
  const [scheme = "", rest = ""] = uri.split(/:\/\/(.*)/s);
  return `${scheme}/${escapeName(rest)}`;
}
