/** The way back: which keys the files of a folder stand for, where a manifest says that their names were mapped. */
import { join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { isManifestFile, keyOfPath, manifestName } from "./manifest.ts";

export class KeysOfFiles {
  readonly #disk: Disk;
  /** The folders above the last file: their paths, ending in `/`, and whether each has a manifest. */
  #folders: { readonly path: string; readonly hasManifest: boolean }[] = [];

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** `path` is a file's below `folder` (absolute). `undefined` for a manifest, which stands for no object. */
  async keyOf(folder: string, path: string): Promise<string | undefined> {
    const isNamedSo = path === manifestName || path.endsWith(`/${manifestName}`);
    if (isNamedSo && (await isManifestFile(this.#disk, join(folder, path)))) return undefined;
    const segments = path.split("/");
    const folders: { readonly path: string; readonly hasManifest: boolean }[] = [];
    for (let depth = 0; depth < segments.length; depth += 1) {
      const below = segments.slice(0, depth).join("/");
      const own = `${join(folder, below)}/`;
      const before = this.#folders[depth];
      folders.push(
        before?.path === own
          ? before
          : { path: own, hasManifest: await isManifestFile(this.#disk, join(own, manifestName)) },
      );
    }
    this.#folders = folders;
    const starts = folders.flatMap(({ hasManifest }, depth) => (hasManifest ? [depth] : []));
    const [first] = starts;
    if (first === undefined) return path;
    // each part is what one copy mapped
    const parts = starts.map((start, index) => segments.slice(start, starts[index + 1]).join("/"));
    return [...segments.slice(0, first), ...parts.map(keyOfPath)].join("/");
  }
}
