/** What bears a name in the target folder already. A folder that is not there yet has nothing in it, and is not asked again. */
import { basename, join } from "node:path";
import type { Disk } from "../../disk/index.ts";

/** What is in the way of a file or a folder. */
export type Obstacle = "file-and-folder" | "twin";

export class NamesOnDisk {
  readonly #disk: Disk;
  readonly #root: string;
  readonly #caseBlind: boolean;
  /** Of the folders above the last name, one that is not there. */
  #missing: string | undefined;
  #hasRoot: boolean | undefined;

  /** `root` is absolute; names are given below it, those of folders before what lies in them. */
  constructor(disk: Disk, root: string, caseBlind: boolean) {
    this.#disk = disk;
    this.#root = root;
    this.#caseBlind = caseBlind;
  }

  async obstacle(name: string, isFolder: boolean): Promise<Obstacle | undefined> {
    if (this.#missing !== undefined && (name === this.#missing || name.startsWith(`${this.#missing}/`)))
      return undefined;
    this.#hasRoot ??= (await this.#disk.stat(this.#root, { followLinks: true })) !== undefined;
    if (!this.#hasRoot) return undefined;
    this.#missing = undefined;
    const path = join(this.#root, name);
    const stat = await this.#disk.stat(path, { followLinks: true });
    if (stat === undefined) {
      if (isFolder) this.#missing = name;
      return undefined;
    }
    if (isFolder && stat.kind === "file") return "file-and-folder";
    if (!isFolder && stat.kind === "folder" && (await holdsSomething(this.#disk, path))) return "file-and-folder";
    if (this.#caseBlind && basename(await this.#disk.realPath(path)) !== basename(path)) return "twin";
    return undefined;
  }
}

/** Folders that hold nothing but such folders give way to a file. */
async function holdsSomething(disk: Disk, folder: string): Promise<boolean> {
  for (const { name, kind } of (await disk.readFolder(folder)) ?? []) {
    if (kind !== "folder" || (await holdsSomething(disk, join(folder, name)))) return true;
  }
  return false;
}
