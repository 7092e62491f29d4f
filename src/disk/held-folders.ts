/**
 * Temporary folders that say which process holds them, so that those of one that was killed are removed by the next one: they may be large,
 * and what is in them may be nobody else's business.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Disk } from "./disk.ts";
import { openNodeDisk } from "./open-node-disk.ts";
import { type ProcessOwner, type ProcessTable, systemProcesses } from "./process-owner.ts";

const holderName = "holder.json";
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface HeldFoldersOptions {
  /** Folder in which they are made. */
  readonly above: string;
  /** How the names of all of these begin, and of nothing else's. */
  readonly prefix: string;
  readonly disk?: Disk | undefined;
  /** For tests. */
  readonly processes?: ProcessTable | undefined;
}

export class HeldFolders {
  readonly #above: string;
  readonly #prefix: string;
  readonly #disk: Disk;
  readonly #processes: ProcessTable;

  constructor({ above, prefix, disk = openNodeDisk(), processes = systemProcesses(disk) }: HeldFoldersOptions) {
    this.#above = above;
    this.#prefix = prefix;
    this.#disk = disk;
    this.#processes = processes;
  }

  /** A new one, which nobody else may look into; `label` is part of its name. Errors: those of the disk. */
  async make(label?: string): Promise<string> {
    const dir = join(this.#above, `${this.#prefix}${label === undefined ? "" : `${label}-`}${randomUUID()}`);
    await this.#disk.makeFolder(dir, 0o700);
    try {
      const holder = JSON.stringify(await this.#processes.self());
      await this.#disk.writeFile(join(dir, holderName), new TextEncoder().encode(holder));
    } catch (error) {
      await this.#disk.removeTree(dir).catch(() => undefined);
      throw error;
    }
    return dir;
  }

  /** The same, after those of dead processes; of these, what cannot be removed is in nobody's way. */
  async sweepAndMake(): Promise<string> {
    await this.sweep().catch(() => undefined);
    return this.make();
  }

  async remove(dir: string): Promise<void> {
    await this.#disk.removeTree(dir);
  }

  /** Removes those of this user whose process is dead, gives their paths. What cannot be judged stays. Errors: those of the disk. */
  async sweep(): Promise<readonly string[]> {
    const removed: string[] = [];
    for (const { name, kind } of (await this.#disk.readFolder(this.#above)) ?? []) {
      const dir = join(this.#above, name);
      const isNamed = kind === "folder" && name.startsWith(this.#prefix) && uuid.test(name);
      if (!isNamed || !(await this.#isLeft(dir))) continue;
      await this.#disk.removeTree(dir);
      removed.push(dir);
    }
    return removed;
  }

  async #isLeft(dir: string): Promise<boolean> {
    const stat = await this.#disk.stat(dir);
    if (stat?.kind !== "folder" || stat.uid !== process.getuid?.()) return false;
    const holder = await this.#holderOf(dir);
    return holder !== undefined && (await this.#processes.liveness(holder)) === "dead";
  }

  async #holderOf(dir: string): Promise<ProcessOwner | undefined> {
    try {
      const { bytes } = await this.#disk.readFile(join(dir, holderName), { maxBytes: 4_096 });
      const value = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ProcessOwner> | null;
      const { host, boot, namespace, pid, start } = value ?? {};
      const isWhole = [host, boot, namespace, start].every((each) => typeof each === "string");
      return isWhole && Number.isSafeInteger(pid) && Number(pid) > 0 ? (value as ProcessOwner) : undefined;
    } catch {
      // it goes just now, or was never finished
      return undefined;
    }
  }
}
