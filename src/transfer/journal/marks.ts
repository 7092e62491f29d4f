/**
 * What of a job is done, and how far its large objects are, as lines that are added at the end. They are written together once per
 * turn and never flushed: those that a crash loses are done again, and none says more than was done.
 */
import { hash } from "node:crypto";
import type { Disk } from "../../disk/index.ts";
import type { CopyJob } from "../object-jobs.ts";
import type { Written } from "../report.ts";
import { type LargeState, readLarge } from "./large-state.ts";
import { plainAddress } from "./plain-address.ts";
import { type LineRecord, readSealed, sealLine } from "./sealed-lines.ts";

export class Marks {
  readonly #disk: Disk;
  readonly #path: string;
  /** By the source's version and the target: what stands there. */
  readonly #done = new Map<number, number>();
  readonly #large = new Map<number, LargeState>();
  #boot: string | undefined;
  #waiting: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #scheduled = false;

  private constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  /** What there is, for who does nothing yet. Errors of the disk. */
  static async read(disk: Disk, path: string, boot = ""): Promise<Marks> {
    const marks = new Marks(disk, path);
    for await (const line of readSealed(disk, path)) marks.#read(line, boot);
    return marks;
  }

  /** Reads what there is, to go on with it. `boot` is this start of this machine: what was written to files in another one may be lost. Errors of the disk. */
  static async open(disk: Disk, path: string, boot: string): Promise<Marks> {
    const marks = await Marks.read(disk, path, boot);
    // What failed in an earlier run is tried again in this one.
    marks.#add({ run: marks.#done.size, boot });
    return marks;
  }

  /** Large objects that earlier processes began, and that were not gone on with so far. */
  get large(): readonly LargeState[] {
    return [...this.#large.values()];
  }

  /** Takes over what earlier processes began for this target from another version of the source: it is of no use any more. */
  takeStale(job: CopyJob): readonly LargeState[] {
    const own = keyOf(job);
    const stale = [...this.#large].filter(([key, { target }]) => key !== own && target === job.to.uri);
    for (const [key] of stale) this.#over(key);
    return stale.map(([, state]) => state);
  }

  /** Whether anything was brought to its target. */
  get hasDone(): boolean {
    return this.#done.size > 0;
  }

  /** Whether this version was brought to its target, as far as is known here. */
  wasDone(job: CopyJob): boolean {
    return this.#done.size > 0 && job.etag !== undefined && this.#done.has(keyOf(job));
  }

  /** Whether what stands at the target is what was brought there. */
  isAsDone(job: CopyJob, target: { readonly etag: string; readonly sizeBytes: number }): boolean {
    return this.#done.get(keyOf(job)) === standingOf(target);
  }

  done(job: CopyJob, written: Written): void {
    if (job.etag === undefined || written.queued === true) return;
    const did = keyOf(job);
    this.#large.delete(did);
    this.#add({ did, is: standingOf(written) });
  }

  /** All of the plan was tried. */
  ended(): void {
    this.#add({ ended: true });
  }

  failed(uri: string, target: string | undefined, code: string, message: string): void {
    this.#add({ failed: plainAddress(uri).uri, target, code, message });
  }

  largeState(job: CopyJob): LargeState | undefined {
    return job.etag === undefined ? undefined : this.#large.get(keyOf(job));
  }

  /** Resolves when it is written: before the first byte that it speaks of. */
  async began(
    job: CopyJob,
    state: { readonly upload?: string | undefined; readonly file?: string | undefined },
  ): Promise<void> {
    this.#add({ large: keyOf(job), target: job.to.uri, ...state });
    await this.flush();
  }

  got(job: CopyJob, start: number, end: number): void {
    this.#add({ large: keyOf(job), target: job.to.uri, got: [start, end] });
  }

  /** Nothing of it is left: neither parts nor a file. */
  gone(job: CopyJob): void {
    this.#over(keyOf(job));
  }

  /** Resolves when all is written, or cannot be: then it is done again some time. */
  flush(): Promise<void> {
    const lines = this.#waiting.splice(0);
    if (lines.length > 0) this.#writing = this.#writing.then(() => this.#append(lines.join("")));
    return this.#writing;
  }

  #over(key: number): void {
    this.#large.delete(key);
    this.#add({ large: key, over: true });
  }

  #add(line: LineRecord): void {
    this.#waiting.push(sealLine(line));
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.flush();
    });
  }

  async #append(text: string): Promise<void> {
    await this.#disk.append(this.#path, Buffer.from(text)).catch(() => undefined);
  }

  #read(line: LineRecord, boot: string): void {
    const { did, is } = line;
    if (typeof line["boot"] === "string") this.#boot = line["boot"];
    if (typeof did === "number" && typeof is === "number") this.#done.set(did, is);
    readLarge(this.#large, line, this.#boot === boot);
  }
}

/** 48 bits: a wrong match would need those of the target to match as well. */
function keyOf({ from, to, etag, sizeBytes }: CopyJob): number {
  return digest(JSON.stringify([plainAddress(from.uri).uri, to.uri, etag, sizeBytes ?? null]));
}

function standingOf({ etag, sizeBytes }: { readonly etag: string; readonly sizeBytes: number }): number {
  return digest(JSON.stringify([etag, sizeBytes]));
}

function digest(text: string): number {
  return Number.parseInt(hash("sha256", text).slice(0, 12), 16);
}
