/** Which transfer of a depot a fetch has begun: who is killed leaves it behind, and the next one takes it away. */
import { hash } from "node:crypto";
import { join } from "node:path";
import type { Depot } from "../../depot/index.ts";
import { type Disk, openNodeDisk, pegaFolderName } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";

export class BegunJob {
  readonly #disk: Disk;
  readonly #path: string;
  #noting: Promise<unknown> = Promise.resolve();

  /** Of all that is fetched into a folder from one address. */
  constructor(downloadDir: string, uri: string, disk: Disk = openNodeDisk()) {
    this.#disk = disk;
    this.#path = join(downloadDir, pegaFolderName, `job-${hash("sha256", uri).slice(0, 32)}.txt`);
  }

  /** What came is known by itself, so that nothing that the killed one left half done is of use to anybody. */
  async giveUpLast(data: Depot): Promise<void> {
    const id = await this.#last();
    if (id === undefined) return;
    try {
      await data.jobs.abort(id);
    } catch (error) {
      // it is over, or another process is at it
      if (!isEntrepotError(error, "not-found", "busy", "misconfigured")) throw error;
    }
  }

  begun(id: string): void {
    const bytes = new TextEncoder().encode(id);
    // without the note, the job is collected when it is old
    this.#noting = this.#disk.writeFile(this.#path, bytes, { makeFolders: true }).catch(() => undefined);
  }

  async ended(): Promise<void> {
    await this.#noting;
    await this.#disk.removeFile(this.#path);
  }

  async #last(): Promise<string | undefined> {
    try {
      return new TextDecoder().decode((await this.#disk.readFile(this.#path)).bytes).trim();
    } catch (error) {
      if (isEntrepotError(error, "not-found")) return undefined;
      throw error;
    }
  }
}
