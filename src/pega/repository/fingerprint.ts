/** Which file lies at a path: whoever replaces it gives it another inode, whoever writes it another time. Pure. */
import type { FileStat } from "../../disk/index.ts";

/** Of this disk only: a copy elsewhere has another. */
export function fingerprintOf({ inode, modifiedNs, sizeBytes }: FileStat): string {
  return `${inode}-${modifiedNs}-${sizeBytes}`;
}
