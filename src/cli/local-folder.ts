/** What only this disk knows: whether an address without a final `/` names a folder that is there. */
import { fileURLToPath } from "node:url";
import type { Depot } from "../depot/index.ts";
import type { Disk } from "../disk/index.ts";
import { isEntrepotError } from "../error/index.ts";

/** Tells folders of this machine, links to them included; nothing elsewhere is one. */
export type IsLocalFolder = (address: string, use: "read" | "write") => Promise<boolean>;

/** Asks `disk` for what `depot` takes an address for. A place that cannot be looked at is none: its use says why. */
export function localFolders(depot: Pick<Depot, "resolve">, disk: Pick<Disk, "stat">): IsLocalFolder {
  return async (address, use) => {
    const uri = depot.resolve(address, { for: use });
    if (!uri.startsWith("file:")) return false;
    try {
      return (await disk.stat(fileURLToPath(uri), { followLinks: true }))?.kind === "folder";
    } catch (error) {
      if (isEntrepotError(error)) return false;
      throw error;
    }
  };
}
