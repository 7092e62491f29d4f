/** A staged folder into one that holds something: each file by a rename, links in the target never followed. */
import { join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";

/** Looks at all names first: either all go or none. Errors: not-empty, unsafe-key. */
export async function mergeFolder(disk: Disk, staged: string, target: string): Promise<void> {
  const moves: (readonly [from: string, to: string])[] = [];
  await plan(disk, staged, target, moves);
  for (const [from, to] of moves) await disk.rename(from, to);
}

async function plan(disk: Disk, staged: string, target: string, moves: (readonly [string, string])[]): Promise<void> {
  for (const { name, kind } of (await disk.readFolder(staged)) ?? []) {
    const from = join(staged, name);
    const to = join(target, name);
    const there = await disk.stat(to);
    if (kind !== "folder") {
      if (there?.kind === "folder") throw inTheWay(to, "a folder");
      moves.push([from, to]);
    } else if (there === undefined) moves.push([from, to]);
    else if (there.kind === "folder") await plan(disk, from, to, moves);
    else throw (await disk.readLink(to)) === undefined ? inTheWay(to, "a file") : linked(to);
  }
}

function inTheWay(path: string, what: string): EntrepotError {
  const hint = 'remove it, or unpack with { existing: "replace" } (--existing replace)';
  return new EntrepotError("not-empty", `${path} is ${what}, where the archive has none; nothing was unpacked`, {
    hint,
  });
}

function linked(path: string): EntrepotError {
  const hint = "remove the link, or unpack into another folder";
  return new EntrepotError("unsafe-key", `${path} is a link, and may lead out of the target; nothing was unpacked`, {
    hint,
  });
}
