/** The folders that files are written to: of many files of one folder, only the first has to look whether it is there. */
import type { Disk, PendingFile } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import type { ResumableWrite } from "../resumable-write.ts";
import { pendingIn } from "./reopen.ts";

interface Options {
  readonly mode: number | undefined;
  readonly makeFolders: boolean | number;
}

export class TargetFolders {
  readonly #disk: Disk;
  #last: string | undefined;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** A file to be filled in `folder`, which is made where it is missing. */
  async pendingIn(folder: string, options: Options, resume: ResumableWrite | undefined): Promise<PendingFile> {
    const open = (makeFolders: boolean | number) => pendingIn(this.#disk, folder, { ...options, makeFolders }, resume);
    const isThere = options.makeFolders === true && folder === this.#last;
    const pending = (isThere && (await open(false).catch(unlessMissing))) || (await open(options.makeFolders));
    this.#last = folder;
    return pending;
  }
}

/** Somebody took it away since. */
function unlessMissing(error: unknown): undefined {
  if (!isEntrepotError(error, "not-found")) throw error;
}
