/**
 * Results in a folder of this disk. Nothing is synced: a process may be killed at any time, and what a power cut leaves is found when
 * bytes are checked, which they are once after each start of the machine.
 */
import { hash } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type Disk,
  isPendingName,
  type ProcessOwner,
  type ProcessTable,
  systemProcesses,
} from "../../../disk/index.ts";
import { isEntrepotError } from "../../../error/index.ts";
import type { Held, LockState, Shelf, Shelved } from "./shelf.ts";

const usedEveryMs = 3_600_000;
/** A holder that nobody here can judge is waited for as long as it says that it lives. */
const silentMs = 30_000;
/** After so long without a sign a holder that lives is stopped, or busy in one long step: nobody waits for it any more. */
const stoppedMs = 60_000;
const beatMs = 5_000;
const staleMs = 86_400_000;

export class LocalShelf implements Shelf {
  readonly uri: string;
  readonly isLocal = true;
  readonly #disk: Disk;
  readonly #root: string;
  readonly #now: () => number;
  readonly #processes: ProcessTable;
  readonly #witnessed = new Map<string, string>();

  constructor(disk: Disk, root: string, now: () => number) {
    this.#disk = disk;
    this.#root = root;
    this.#now = now;
    this.#processes = systemProcesses(disk);
    this.uri = `${pathToFileURL(root).href.replace(/\/$/, "")}/`;
  }

  async names(folder: string, prefix: string): Promise<readonly Pick<Shelved, "name" | "usedMs">[]> {
    const entries = (await this.#disk.readFolder(this.#path(folder))) ?? [];
    return entries
      .filter(({ name, kind }) => kind === "file" && name.startsWith(prefix) && !isPendingName(name))
      .map(({ name }) => ({ name, usedMs: 0 }));
  }

  async all(folder: string): Promise<readonly Shelved[]> {
    const found: Shelved[] = [];
    const walk = async (below: string): Promise<void> => {
      for (const { name, kind } of (await this.#disk.readFolder(this.#path(folder + below))) ?? []) {
        if (kind === "folder") await walk(`${below}${name}/`);
        if (kind !== "file" || isPendingName(name)) continue;
        const stat = await this.#disk.stat(this.#path(folder + below + name));
        if (stat !== undefined) found.push({ name: below + name, sizeBytes: stat.sizeBytes, usedMs: stat.modifiedMs });
      }
    };
    await walk("");
    return found;
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      return (await this.#disk.readFile(this.#path(name), { maxBytes: Number.MAX_SAFE_INTEGER })).bytes;
    } catch (error) {
      if (isEntrepotError(error, "not-found")) return undefined;
      throw error;
    }
  }

  pathOf(name: string): string | undefined {
    const path = this.#path(name);
    // engines take these for patterns
    return /[*?[\]{}]/.test(path) ? undefined : path;
  }

  async create(name: string, pieces: readonly Uint8Array[]): Promise<void> {
    const path = this.#path(name);
    const file = await this.#disk.createPending(join(path, ".."), { makeFolders: true });
    try {
      for (const piece of pieces) await file.write(piece);
      await file.commit(path);
    } finally {
      await file.discard();
    }
  }

  async remove(name: string): Promise<boolean> {
    return this.#disk.removeFile(this.#path(name));
  }

  async use(name: string): Promise<void> {
    try {
      const path = this.#path(name);
      const stat = await this.#disk.stat(path);
      if (stat !== undefined && this.#now() - stat.modifiedMs > usedEveryMs) await this.#disk.touch(path, this.#now());
    } catch {
      // somebody else's store, or one that may only be read: it is pruned by when things were kept
    }
  }

  async lock(name: string): Promise<Held | Exclude<LockState, "free">> {
    const path = this.#path(name);
    const own = JSON.stringify(await this.#processes.self());
    for (let tries = 0; tries < 8; tries += 1) {
      try {
        await this.#disk.makeLink(path, own);
        return this.#held(path, own);
      } catch (error) {
        if (isEntrepotError(error, "not-found")) await this.#disk.makeFolder(join(path, ".."));
        else if (!isEntrepotError(error, "already-exists")) throw error;
        else {
          const state = await this.#state(path);
          if (state !== "free") return state;
          // whoever is faster takes it away, and whoever is faster then has it
          await this.#takeAway(path);
        }
      }
    }
    return "held";
  }

  async lockState(name: string): Promise<LockState> {
    return this.#state(this.#path(name));
  }

  async witness(name: string): Promise<string | undefined> {
    const stat = await this.#disk.stat(this.#path(name));
    if (stat === undefined) return undefined;
    const { host, boot } = await this.#processes.self();
    const { sizeBytes, modifiedNs, changedNs, inode, device } = stat;
    return hash("sha256", [host, boot, sizeBytes, modifiedNs, changedNs, inode, device].join(" "));
  }

  async isWitnessed(name: string, witness: string): Promise<boolean> {
    if (this.#witnessed.get(name) === witness) return true;
    const seen = await this.read(this.#seenName(name)).catch(() => undefined);
    return seen !== undefined && new TextDecoder().decode(seen) === witness;
  }

  async setWitness(name: string, witness: string): Promise<void> {
    this.#witnessed.set(name, witness);
    // a store that may only be read is checked by each process
    await this.create(this.#seenName(name), [new TextEncoder().encode(witness)]).catch(() => undefined);
  }

  /** Use is told by the times of files. */
  async sweep(): Promise<void> {}

  async close(): Promise<void> {
    await this.#disk.removeStalePending(this.#path("data"), staleMs).catch(() => 0);
  }

  #held(path: string, own: string): Held {
    const beat = setInterval(() => {
      this.#disk.touch(path, this.#now()).catch(() => undefined);
    }, beatMs);
    beat.unref();
    const release = async (): Promise<void> => {
      clearInterval(beat);
      // after a long silence it may have become another's
      if ((await this.#disk.readLink(path).catch(() => undefined)) === own)
        await this.#disk.removeLink(path).catch(() => false);
    };
    return { release };
  }

  async #state(path: string): Promise<LockState> {
    const [stat, text] = [await this.#disk.stat(path), await this.#disk.readLink(path)];
    if (stat === undefined || text === undefined) return "free";
    const owner = ownerOf(text);
    const life = owner === undefined ? "dead" : await this.#processes.liveness(owner);
    // a clock may have been set back meanwhile
    const quietMs = Math.abs(this.#now() - stat.modifiedMs);
    if (life === "alive") return quietMs < stoppedMs ? "held" : "silent";
    return life === "unknown" && quietMs < silentMs ? "held" : "free";
  }

  /** Only the dead one: another may have taken its place meanwhile. */
  async #takeAway(path: string): Promise<void> {
    const aside = await this.#disk.setAside(path);
    if (aside === undefined) return;
    const text = await this.#disk.readLink(aside);
    const owner = text === undefined ? undefined : ownerOf(text);
    const isDead = owner === undefined || (await this.#processes.liveness(owner)) !== "alive";
    if (!isDead && text !== undefined) await this.#disk.makeLink(path, text).catch(() => undefined);
    await this.#disk.removeLink(aside);
  }

  #seenName(name: string): string {
    return `seen/${name.slice(name.lastIndexOf("/") + 1)}`;
  }

  #path(name: string): string {
    return join(this.#root, name);
  }
}

function ownerOf(text: string): ProcessOwner | undefined {
  try {
    const owner = JSON.parse(text) as ProcessOwner;
    return typeof owner.pid === "number" && typeof owner.host === "string" ? owner : undefined;
  } catch {
    return undefined;
  }
}
