/**
 * One large version over several connections. The answer that is on its way brings the first part; the others are asked for by
 * range, and reach a sink that takes pieces anywhere as they come, any other in order through a window of memory.
 */
import type { ObjectInfo, ResolvedRange } from "../object-store.ts";
import { untilAborted } from "../until-aborted.ts";
import { type DigestedStretch, DigestedStretches } from "./digested-stretches.ts";
import type { Division } from "./division.ts";
import { Part } from "./part.ts";
import { PartFetcher } from "./part-fetcher.ts";
import { PartWindow } from "./part-window.ts";
import type { Reading } from "./reading.ts";

/** A part in memory goes on in pieces of this size. */
const pieceBytes = 64 * 1024;

/** What the parts belong to. */
export interface Divided {
  readonly info: ObjectInfo;
  readonly range: ResolvedRange;
  /** Takes what comes next in order. */
  pass(piece: Uint8Array): void | Promise<void>;
  /** Takes a part's piece at its place. */
  passAt(piece: Uint8Array, position: number): void | Promise<void>;
  /** All parts behind the first are at their place, with the digests of what lies there where they were wanted, in order. */
  adopt(stretches: readonly DigestedStretch[]): void;
}

/** The parts behind the first. */
export class ParallelRead {
  readonly division: Division;
  readonly #divided: Divided;
  readonly #signal: AbortSignal | undefined;
  readonly #fetcher: PartFetcher;
  readonly #digests: DigestedStretches | undefined;
  readonly #window: PartWindow;
  /** Only those that are on their way: a large object has hundreds of thousands. */
  readonly #running = new Map<number, Part>();
  #answered = false;
  /** The first part that nobody has taken, and the first that does not come over the answer that was there first. */
  #next = 1;
  #first = 1;
  #begun = false;
  #stopped = false;

  constructor(reading: Reading, divided: Divided, division: Division) {
    this.division = division;
    this.#divided = divided;
    this.#digests = division.algorithm === undefined ? undefined : new DigestedStretches(division.algorithm);
    this.#signal = reading.signal;
    this.#window = new PartWindow(() => this.#fetcher.failure !== undefined);
    this.#fetcher = new PartFetcher(reading, () => this.#window.changed());
  }

  /** Where the answer that is on its way ends being of use, a byte of the object. */
  get firstEnd(): number {
    return this.#partAt(0).end;
  }

  get failure(): PartFetcher["failure"] {
    return this.#fetcher.failure;
  }

  /** Whether other answers have brought anything. */
  get answered(): boolean {
    return this.#answered || [...this.#running.values()].some((part) => part.answered);
  }

  /** Asks for the first parts, one less than may be in flight, if that has not been done. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    for (let n = 1; n < this.division.inFlight; n += 1) this.#start();
  }

  /**
   * The answer that is on its way has come to its end and goes on: gives the new end, or nothing when the next part is being brought
   * already. So no answer ever waits for one that waits for a connection.
   */
  extend(): number | undefined {
    const n = this.#first;
    if (n >= this.#count) return undefined;
    if (n >= this.#next) this.#next = n + 1;
    else {
      const part = this.#running.get(n);
      if (part === undefined || part.answered) return undefined;
      part.withdraw();
    }
    this.#first = n + 1;
    return this.#partAt(n).end;
  }

  /** What was to come over the first answer is there: resolves when all the others are. Rejects with what failed. */
  async finish(): Promise<void> {
    this.begin();
    this.#start();
    const { anywhere } = this.division;
    if (!anywhere) await this.#passInOrder();
    await this.#end();
    if (this.#fetcher.failure !== undefined) throw this.#fetcher.failure.reason;
    if (anywhere) this.#divided.adopt(this.#digests?.inOrder ?? []);
  }

  /** Ends all requests; resolves when nothing of them is left. */
  async stop(): Promise<void> {
    this.#fetcher.fail(new Error("the read has ended"));
    await this.#end();
  }

  async #end(): Promise<void> {
    await this.#fetcher.ended();
    if (this.#stopped) return;
    this.#stopped = true;
    const { memory, inFlight, partBytes: bytes } = this.division;
    memory?.give(inFlight * bytes);
  }

  #start(): void {
    this.#fetcher.run(() => (this.division.anywhere ? this.#work() : this.#workInMemory()));
  }

  /** Takes one part after another, each piece to its place. */
  async #work(): Promise<void> {
    const { info } = this.#divided;
    for (let n = this.#take(); n !== undefined; n = this.#take()) {
      const part = new Part(info, this.#partAt(n), this.division.algorithm, (chunk, position) =>
        this.#fetcher.track(this.#divided.passAt(chunk, position)),
      );
      const digest = (await this.#fetch(n, part)) ? part.digest() : undefined;
      if (digest !== undefined) this.#digests?.add({ ...part.range, digest });
    }
  }

  /** Whether the part came; one that failed stays, for the answer that was there first to take it over. */
  async #fetch(n: number, part: Part): Promise<boolean> {
    this.#running.set(n, part);
    const came = await this.#fetcher.fetch(part);
    this.#running.delete(n);
    this.#answered ||= part.answered;
    return came;
  }

  /** Takes one part after another into the same piece of memory, which is free when the part was passed on. */
  async #workInMemory(): Promise<void> {
    let memory: Uint8Array | undefined;
    for (let n = this.#take(); n !== undefined; n = this.#take()) {
      const range = this.#partAt(n);
      memory ??= new Uint8Array(lengthOf(range));
      const bytes = memory.subarray(0, lengthOf(range));
      const part = new Part(this.#divided.info, range, undefined, (chunk, position) =>
        bytes.set(chunk, position - range.start),
      );
      if (await this.#fetch(n, part)) await this.#window.passed(n, bytes);
    }
  }

  async #passInOrder(): Promise<void> {
    const count = this.#count;
    for (let n = this.#first; n < count; n += 1) {
      const bytes = await this.#window.arrived(n);
      if (bytes === undefined) return;
      for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
        if (this.#fetcher.failure !== undefined) return;
        const taken = this.#divided.pass(bytes.subarray(at, at + pieceBytes));
        if (taken !== undefined) await untilAborted(taken, this.#signal);
      }
      this.#window.free(n);
    }
  }

  /** The number of the next part that nobody has taken. */
  #take(): number | undefined {
    return this.#next < this.#count ? this.#next++ : undefined;
  }

  get #count(): number {
    return Math.ceil(lengthOf(this.#divided.range) / this.division.partBytes);
  }

  #partAt(n: number): ResolvedRange {
    const { start, end } = this.#divided.range;
    const { partBytes: bytes } = this.division;
    return { start: start + n * bytes, end: Math.min(start + (n + 1) * bytes, end) };
  }
}

function lengthOf({ start, end }: ResolvedRange): number {
  return end - start;
}
