/** The rest of a merge whose process was killed: file by file, as `mergeFolder` moves them, but nothing that is newer is replaced. */
import { join } from "node:path";
import type { Disk } from "../../disk/index.ts";

/** `begunNs`: when the merge began. What somebody has put there since, or in the way of it, stays. Errors of the disk. */
export async function finishMerge(disk: Disk, merging: string, target: string, begunNs: bigint): Promise<void> {
  for (const { name, kind } of (await disk.readFolder(merging)) ?? []) {
    const [from, to] = [join(merging, name), join(target, name)];
    const there = await disk.stat(to);
    if (there === undefined) await disk.rename(from, to);
    else if (kind === "folder" && there.kind === "folder") await finishMerge(disk, from, to, begunNs);
    else if (kind !== "folder" && there.kind !== "folder" && there.changedNs <= begunNs) await disk.rename(from, to);
  }
}
