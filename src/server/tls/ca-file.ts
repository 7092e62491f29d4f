/** The certificate of an authority as a file, for clients that take only a path. Nothing in it is secret. */
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { openNodeDisk } from "../../disk/index.ts";

export interface CaFile {
  readonly path: string;
  /** Removes it, unless it lies in a folder that was given. */
  remove(): Promise<void>;
}

/** In `dir` as `ca.pem`, replaced when it is there; else in a temporary folder of its own. Errors: the disk's. */
export async function writeCaFile(ca: string, dir?: string): Promise<CaFile> {
  const disk = openNodeDisk();
  const path = dir === undefined ? join(tmpdir(), `entrepot-ca-${randomUUID()}`, "ca.pem") : resolve(dir, "ca.pem");
  await disk.writeFile(path, new TextEncoder().encode(ca), { makeFolders: true });
  return {
    path,
    remove: async () => {
      if (dir === undefined) await disk.removeTree(dirname(path));
    },
  };
}
