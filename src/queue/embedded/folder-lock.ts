/**
 * Who holds a folder: files `held.N`, whose highest number counts. Numbers never go down, so whoever takes the next one knows that
 * nobody took it meanwhile; it is taken only when the highest one is free or its process is dead.
 */
import { join } from "node:path";
import { type Disk, type ProcessOwner, type ProcessTable, systemProcesses } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";

/** How often a holder tells other machines and containers that it lives, milliseconds. */
export const beatMs = 15_000;
/** A holder of which nothing can be known is believed for so long after its last beat, milliseconds by the clock of the disk. */
export const silentMs = 120_000;

/** Where its holder can be reached. */
export interface Held {
  readonly owner: ProcessOwner;
  /** Folder of the socket. */
  readonly socketFolder: string;
}

/** The folder, taken. */
export interface Taken {
  /** What the holder before left behind, if it did not leave by itself. */
  readonly before: Held | undefined;
  /** Tells that the holder lives. False: somebody took it over, or it cannot be told; the folder must not be touched any more. */
  beat(): Promise<boolean>;
  /** Whether it is still held. Errors of the disk. */
  isOurs(): Promise<boolean>;
  release(): Promise<void>;
}

interface Highest {
  readonly number: number;
  readonly isFree: boolean;
}

export class FolderLock {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #processes: ProcessTable;

  /** `folder` holds nothing but the lock. */
  constructor(disk: Disk, folder: string, processes: ProcessTable = systemProcesses(disk)) {
    this.#disk = disk;
    this.#folder = folder;
    this.#processes = processes;
  }

  /** Takes the folder, or tells who holds it. `undefined`: it changes hands just now; ask again. Errors of the disk. */
  async take(socketFolder: string): Promise<Taken | Held | undefined> {
    await this.#disk.makeFolder(this.#folder, 0o700);
    const highest = await this.#highest();
    const before = highest === undefined || highest.isFree ? undefined : await this.#read(highest.number);
    if (before === "gone") return undefined;
    if (before !== undefined && highest !== undefined && !(await this.#isOver(highest.number, before))) return before;
    const number = (highest?.number ?? 0) + 1;
    if (!(await this.#create(number, { owner: await this.#processes.self(), socketFolder }))) return undefined;
    await this.#removeBelow(number);
    return {
      before,
      beat: () => this.#beat(number),
      isOurs: () => this.#isHighest(number),
      release: () => this.#release(number),
    };
  }

  /** Who holds it, dead or alive; `undefined` for nobody. Errors of the disk. */
  async holder(): Promise<ProcessOwner | undefined> {
    const highest = await this.#highest();
    if (highest === undefined || highest.isFree) return undefined;
    const held = await this.#read(highest.number);
    return held === "gone" ? undefined : held.owner;
  }

  async #create(number: number, held: Held): Promise<boolean> {
    try {
      const bytes = new TextEncoder().encode(`${JSON.stringify(held)}\n`);
      await this.#disk.writeFile(this.#path(number), bytes, { mode: 0o600, exclusive: true });
    } catch (error) {
      if (isEntrepotError(error, "already-exists")) return false;
      throw error;
    }
    // Between looking and taking, this number may have come and gone.
    if (await this.#isHighest(number)) return true;
    await this.#disk.removeFile(this.#path(number));
    return false;
  }

  async #isOver(number: number, { owner }: Held): Promise<boolean> {
    const liveness = await this.#processes.liveness(owner);
    if (liveness !== "unknown") return liveness === "dead";
    const stat = await this.#disk.stat(this.#path(number));
    // both times are those of the disk that holds the folder, whatever the machines' clocks say
    const now = await this.#disk.writeFile(join(this.#folder, `now-${process.pid}`), new Uint8Array(0), {
      mode: 0o600,
    });
    await this.#disk.removeFile(join(this.#folder, `now-${process.pid}`));
    return stat !== undefined && now.modifiedMs - stat.modifiedMs > silentMs;
  }

  async #read(number: number): Promise<Held | "gone"> {
    try {
      const { bytes } = await this.#disk.readFile(this.#path(number), { maxBytes: 16 * 1024 * 1024 });
      return JSON.parse(new TextDecoder().decode(bytes)) as Held;
    } catch (error) {
      if (isEntrepotError(error, "not-found")) return "gone";
      if (!(error instanceof SyntaxError)) throw error;
      throw new EntrepotError("malformed", `${this.#path(number)} does not say who holds the folder`, {
        cause: error,
        hint: "remove it when no process uses the database",
      });
    }
  }

  async #beat(number: number): Promise<boolean> {
    try {
      if (!(await this.#isHighest(number))) return false;
      return (await this.#disk.append(this.#path(number), new Uint8Array([32]))) !== undefined;
    } catch {
      return false;
    }
  }

  async #release(number: number): Promise<void> {
    try {
      await this.#disk.rename(this.#path(number), join(this.#folder, `free.${number}`));
    } catch (error) {
      if (!isEntrepotError(error, "not-found")) throw error;
    }
  }

  async #isHighest(number: number): Promise<boolean> {
    const highest = await this.#highest();
    return highest?.number === number && !highest.isFree;
  }

  async #highest(): Promise<Highest | undefined> {
    let highest: Highest | undefined;
    for (const found of await this.#all())
      if (highest === undefined || found.number > highest.number)
        highest = { number: found.number, isFree: found.isFree };
    return highest;
  }

  async #removeBelow(number: number): Promise<void> {
    for (const found of await this.#all())
      if (found.number < number) await this.#disk.removeFile(join(this.#folder, found.name));
  }

  async #all(): Promise<(Highest & { readonly name: string })[]> {
    const entries = (await this.#disk.readFolder(this.#folder)) ?? [];
    return entries.flatMap(({ name }) => {
      const found = /^(held|free)\.(\d{1,15})$/.exec(name);
      return found === null ? [] : [{ name, number: Number(found[2]), isFree: found[1] === "free" }];
    });
  }

  #path(number: number): string {
    return join(this.#folder, `held.${number}`);
  }
}

export function isTaken(found: Taken | Held): found is Taken {
  return "beat" in found;
}
