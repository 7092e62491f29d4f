/**
 * What processes hold, told to one another: an empty file for each hold, whose name says what is held and by whom. A dead
 * process holds nothing. Reads take no lease: an open file survives its name.
 */
import { randomBytes } from "node:crypto";
import { basename, join } from "node:path";
import type { Disk } from "../disk/index.ts";
import { isEntrepotError } from "../error/index.ts";
import { formatHolder, type Holder, lifeOf, parseHolder, thisHolder } from "./holder.ts";
import { readName } from "./layout.ts";
import type { Ticks } from "./locks/index.ts";
import type { Witness } from "./record.ts";
import { inUse } from "./this-process.ts";
import { folderMode } from "./trust.ts";

/** How often a lease is touched while it lasts, milliseconds. */
const beatMs = 240_000;
/** A process on another machine is believed until its lease was not touched for so long, as seen and timed here: clocks differ. Milliseconds. */
const silentMs = 900_000;
/** Nobody may ever look twice: by the calendar it is believed for so long. Milliseconds. */
export const foreignMs = 86_400_000;
/** A lease that is being made for so long belongs to a dead process, milliseconds. */
const pendingAgeMs = 3_600_000;

export interface LeasesOptions {
  readonly disk: Disk;
  readonly layout: string;
  readonly witness: () => Promise<Witness>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly ticks: Ticks;
}

/** A process that keeps a copy from being taken away. */
export interface CopyHolder {
  readonly pid: number;
  /** Whether its number is one of this machine; false in another container. */
  readonly isHere: boolean;
}

interface Lease {
  readonly path: string;
  readonly dataName: string;
  readonly holder: Holder;
}

/** When a lease of another machine was last seen to change. */
interface Heard {
  readonly modifiedNs: bigint;
  readonly atMs: number;
}

export class Leases {
  readonly #options: LeasesOptions;
  readonly #folder: string;
  readonly #taken = new Set<string>();
  #heard = new Map<string, Heard>();
  #endBeats: (() => void) | undefined;
  #own: Promise<Holder> | undefined;

  constructor(options: LeasesOptions) {
    this.#options = options;
    this.#folder = join(options.layout, "leases");
  }

  /** Gives the function that ends the lease; it may fail, and so may this, with errors of the disk. */
  async take(dataName: string, mode: number): Promise<() => Promise<void>> {
    const { disk } = this.#options;
    const name = `${formatHolder(await this.#holder(), randomBytes(4).toString("hex"))}-${dataName}`;
    const path = join(this.#folder, name);
    await disk.writeFile(path, new Uint8Array(0), { mode, makeFolders: folderMode(mode) });
    this.#taken.add(path);
    this.#endBeats ??= this.#options.ticks.every(beatMs, () => this.#beat());
    return async () => {
      this.#taken.delete(path);
      if (this.#taken.size === 0) this.#endBeats?.();
      if (this.#taken.size === 0) this.#endBeats = undefined;
      await disk.removeFile(path);
    };
  }

  /**
   * The same where nothing may fail. Without a lease, what is held is safe from this process only; a folder that may only be
   * read is no cause to warn of it.
   */
  async takeIfPossible(dataName: string, mode: number, warn: (error: unknown) => void): Promise<() => Promise<void>> {
    try {
      const end = await this.take(dataName, mode);
      return () => end().catch(warn);
    } catch (error) {
      if (!isEntrepotError(error, "forbidden", "read-only")) warn(error);
      return async () => undefined;
    }
  }

  /** Tells which data files this process reads or holds, or any process holds, as things stand now. Errors of the disk. */
  async whatIsInUse(): Promise<(path: string) => boolean> {
    const held = await this.held();
    return (path) => inUse.has(path) || held.has(basename(path));
  }

  /** The names of the data files that living processes hold, this one included. */
  async held(): Promise<ReadonlySet<string>> {
    const held = new Set<string>();
    for await (const { dataName, isOver } of this.#all()) if (!isOver) held.add(dataName);
    return held;
  }

  /** Who holds each data file, by its name: living processes, and those of which nothing can be known. */
  async holders(): Promise<ReadonlyMap<string, readonly CopyHolder[]>> {
    const { machine } = await this.#holder();
    const holders = new Map<string, CopyHolder[]>();
    for await (const { dataName, holder, isOver } of this.#all()) {
      if (isOver) continue;
      const all = holders.get(dataName) ?? [];
      holders.set(dataName, all);
      all.push({ pid: holder.pid, isHere: holder.machine === machine });
    }
    return holders;
  }

  /** Takes away what dead processes left. */
  async sweep(): Promise<void> {
    const { disk } = this.#options;
    for await (const { path, isOver } of this.#all()) if (isOver) await disk.removeFile(path);
    await disk.removeStalePending(this.#folder, pendingAgeMs);
  }

  async *#all(): AsyncGenerator<Lease & { readonly isOver: boolean }, void, undefined> {
    const names = (await this.#options.disk.readFolder(this.#folder)) ?? [];
    const heard = new Map<string, Heard>();
    for (const { name } of names) {
      const lease = parseLease(this.#folder, name);
      if (lease !== undefined) yield { ...lease, isOver: await this.#isOver(lease, heard) };
    }
    this.#heard = heard;
  }

  async #isOver({ path, holder }: Lease, heard: Map<string, Heard>): Promise<boolean> {
    const { disk, now, ticks } = this.#options;
    const life = await lifeOf(disk, await this.#holder(), holder);
    if (life !== "unknown") return life === "dead";
    const stat = await disk.stat(path);
    if (stat === undefined) return true;
    const before = this.#heard.get(path);
    const last = before?.modifiedNs === stat.modifiedNs ? before : { modifiedNs: stat.modifiedNs, atMs: ticks.now() };
    heard.set(path, last);
    return ticks.now() - last.atMs > silentMs || now() - stat.modifiedMs > foreignMs;
  }

  #beat(): void {
    const { disk, now } = this.#options;
    // What cannot be touched is taken for left one day; that is told when it is ended.
    for (const path of this.#taken) disk.touch(path, now()).catch(() => undefined);
  }

  async #holder(): Promise<Holder> {
    this.#own ??= this.#options.witness().then((witness) => thisHolder(this.#options.disk, witness));
    return this.#own;
  }
}

function parseLease(folder: string, name: string): Lease | undefined {
  const parsed = parseHolder(name);
  if (parsed === undefined || !parsed.rest.startsWith("-")) return undefined;
  const dataName = parsed.rest.slice(1);
  if (readName(dataName)?.kind !== "data") return undefined;
  return { path: join(folder, name), dataName, holder: parsed.holder };
}
