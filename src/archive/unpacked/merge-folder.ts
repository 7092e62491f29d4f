/** A staged folder into one that holds something: each file by a rename, links in the target never followed. */
import { join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { Staging } from "./staging.ts";

/**
 * Looks at all names before the first is moved. From then on the merge is finished, by whoever comes next if need be.
 * Errors: not-empty, unsafe-key.
 */
export async function mergeFolder(disk: Disk, staging: Staging, target: string): Promise<void> {
  /** Below the staged folder and the target alike. */
  const moves: string[] = [];
  await plan(disk, staging.path, target, "", moves);
  const merging = await staging.openMerging();
  for (const path of moves) await disk.rename(join(merging, path), join(target, path));
}

async function plan(disk: Disk, staged: string, target: string, above: string, moves: string[]): Promise<void> {
  for (const { name, kind } of (await disk.readFolder(join(staged, above))) ?? []) {
    const path = join(above, name);
    const to = join(target, path);
    const there = await disk.stat(to);
    if (kind !== "folder") {
      if (there?.kind === "folder") throw inTheWay(to, "a folder");
      moves.push(path);
    } else if (there === undefined) moves.push(path);
    else if (there.kind === "folder") await plan(disk, staged, target, path, moves);
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
