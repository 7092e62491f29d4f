/**
 * Folders in which programs find their files, one for each attempt. Each says which process holds it, so that those of a worker that was
 * killed are removed by the next one: parameters may be nobody else's business.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Disk, openNodeDisk, type ProcessOwner, type ProcessTable, systemProcesses } from "../../disk/index.ts";
import type { Attempt } from "../store/index.ts";

const holderName = "holder.json";
const namePattern = /^entrepot-run-[0-9a-z]{13}-\d+-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class WorkFolders {
  readonly #above: string;
  readonly #disk: Disk = openNodeDisk();
  readonly #processes: ProcessTable;

  constructor(above: string, processes?: ProcessTable) {
    this.#above = above;
    this.#processes = processes ?? systemProcesses(this.#disk);
  }

  /** A new one, which nobody else may look into. Errors: those of the disk. */
  async make({ taskId, number }: Pick<Attempt, "taskId" | "number">): Promise<string> {
    const dir = join(this.#above, `entrepot-run-${taskId}-${number}-${randomUUID()}`);
    await this.#disk.makeFolder(dir, 0o700);
    const holder = JSON.stringify(await this.#processes.self());
    await this.#disk.writeFile(join(dir, holderName), new TextEncoder().encode(holder));
    return dir;
  }

  async remove(dir: string): Promise<void> {
    await this.#disk.removeTree(dir);
  }

  /** Removes those of this user whose process is dead, gives their paths. What cannot be judged stays. Errors: those of the disk. */
  async sweep(): Promise<readonly string[]> {
    const removed: string[] = [];
    for (const { name, kind } of (await this.#disk.readFolder(this.#above)) ?? []) {
      const dir = join(this.#above, name);
      if (kind !== "folder" || !namePattern.test(name) || !(await this.#isLeft(dir))) continue;
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
