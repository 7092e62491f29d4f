/**
 * A tree of symbolic links to the copies, for people and tools that browse. Each link is made or replaced in one step, so a reader
 * sees it as it was or as it is. What is not ours is never touched: one foreign name in the folder, and nothing is changed.
 */
import { dirname, join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { isPendingName } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { readName } from "../layout.ts";
import { type Linkable, linkTree } from "./tree.ts";

export interface LinkReport {
  readonly links: number;
  readonly added: number;
  readonly removed: number;
  readonly hidden: number;
}

/** `dir` is absolute. Errors: not-empty for a folder that holds something else, and those of the disk. */
export async function link(
  disk: Disk,
  dir: string,
  copies: AsyncIterable<Linkable>,
  signal?: AbortSignal,
): Promise<LinkReport> {
  const all: Linkable[] = [];
  for await (const { uri, path, checkedMs } of copies) all.push({ uri, path, checkedMs });
  const { links, hidden } = linkTree(all);
  const before = await ours(disk, dir, signal);
  const gone = [...before.links.keys()].filter((name) => !links.has(name));
  // first out of the way: a folder may be wanted where a link was, and the other way round
  for (const name of gone) await disk.removeFile(join(dir, name));
  await removeEmptied(disk, dir, gone);
  for (const name of before.pending) await disk.removeFile(join(dir, name));
  await disk.makeFolder(dir);
  let added = 0;
  const made = new Set<string>();
  for (const [name, target] of links) {
    signal?.throwIfAborted();
    if (before.links.get(name) === target) continue;
    const path = join(dir, name);
    if (!made.has(dirname(path))) await disk.makeFolder(dirname(path));
    made.add(dirname(path));
    await disk.makeLink(path, target, { replace: true });
    if (!before.links.has(name)) added += 1;
  }
  return { links: links.size, added, removed: gone.length, hidden };
}

interface Ours {
  /** From the name below the tree to where it leads. */
  readonly links: ReadonlyMap<string, string>;
  /** Links that a process died over. */
  readonly pending: readonly string[];
}

async function ours(disk: Disk, dir: string, signal: AbortSignal | undefined): Promise<Ours> {
  const links = new Map<string, string>();
  const pending: string[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal?.throwIfAborted();
    for (const { name, kind } of (await disk.readFolder(join(dir, folder))) ?? []) {
      const below = folder === "" ? name : `${folder}/${name}`;
      if (kind === "folder") {
        folders.push(below);
        continue;
      }
      const target = kind === "link" ? await disk.readLink(join(dir, below)) : undefined;
      if (target === undefined || !isDataFile(target)) throw foreign(dir, below);
      if (isPendingName(name)) pending.push(below);
      else links.set(below, target);
    }
  }
  return { links, pending };
}

/** Of this cache or another: nothing else is called so. */
function isDataFile(target: string): boolean {
  const [, shard, name = ""] = /\/objects\/v\d+\/([0-9a-f]{2})\/([^/]+)$/.exec(target) ?? [];
  const read = readName(name);
  return read?.kind === "data" && read.entry.startsWith(shard ?? "");
}

async function removeEmptied(disk: Disk, dir: string, gone: readonly string[]): Promise<void> {
  const folders = new Set<string>();
  for (const name of gone)
    for (let end = name.lastIndexOf("/"); end > 0; end = name.lastIndexOf("/", end - 1))
      folders.add(name.slice(0, end));
  const deepestFirst = [...folders].sort((a, b) => b.split("/").length - a.split("/").length);
  for (const folder of deepestFirst) {
    const path = join(dir, folder);
    if ((await disk.readFolder(path))?.length === 0) await disk.removeFolder(path);
  }
}

function foreign(dir: string, name: string): EntrepotError {
  return new EntrepotError("not-empty", `${join(dir, name)} is no link to a copy, so ${dir} is not made a link tree`, {
    hint: "name a new folder, or one that holds nothing else; nothing was changed",
  });
}
