/** One version of one file: its ETag and what a listing says of it. */
import type { FileStat } from "../../disk/index.ts";
import type { ObjectInfo } from "../object-store.ts";

/**
 * Any write, rename, link or chmod makes another: device, inode, size and both times to the nanosecond. Kernels stamp in
 * steps of some milliseconds; our own writes stamp finer, another program that rewrites in place twice within a step is missed.
 */
export function fileEtag(stat: FileStat): string {
  const parts = [stat.device, stat.inode, BigInt(stat.sizeBytes), stat.modifiedNs, stat.changedNs];
  return `"${parts.map((part) => part.toString(36)).join("-")}"`;
}

export function fileInfo(key: string, stat: FileStat): ObjectInfo {
  const { sizeBytes, modifiedMs } = stat;
  return { key, sizeBytes, modifiedMs, etag: fileEtag(stat), versionId: undefined };
}

/** Whether the contents are those of before; links and modes may have changed. */
export function isSameContent(before: FileStat, after: FileStat): boolean {
  return before.sizeBytes === after.sizeBytes && before.modifiedNs === after.modifiedNs;
}
