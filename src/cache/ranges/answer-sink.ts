/** Takes an answer of whole blocks: the caller gets what it asked for of them, and the cache all. */
import type { BodySink, ObjectInfo, ResolvedRange } from "../../store/index.ts";
import type { PieceKeeper } from "./piece-keeper.ts";
import type { RangeProgress } from "./range-progress.ts";

export interface AnswerSettings {
  readonly progress: RangeProgress;
  /** `undefined` where nothing can be kept. */
  readonly openKeeper: () => PieceKeeper | undefined;
  /** What the caller wants of this version; throws when it does not want this version. */
  readonly wanted: (info: ObjectInfo) => ResolvedRange;
  /** Gives what comes before the answer, once for each start. */
  readonly before?: (() => Promise<void>) | undefined;
}

export class AnswerSink implements BodySink {
  readonly #settings: AnswerSettings;
  readonly #discards: Promise<void>[] = [];
  #keeper: PieceKeeper | undefined;
  #wanted: ResolvedRange = { start: 0, end: 0 };
  #arriving = 0;
  #before: (() => Promise<void>) | undefined;

  constructor(settings: AnswerSettings) {
    this.#settings = settings;
  }

  get restartable(): boolean {
    return this.#settings.progress.restartable;
  }

  /** What the caller gets of the version that came. */
  get wanted(): ResolvedRange {
    return this.#wanted;
  }

  start(info: ObjectInfo, range: ResolvedRange): void {
    const { progress, openKeeper, wanted, before } = this.#settings;
    if (this.#keeper !== undefined) this.#discards.push(this.#keeper.discard());
    this.#wanted = wanted(info);
    this.#arriving = range.start;
    this.#before = before;
    this.#keeper = openKeeper();
    this.#keeper?.begin(info, range);
    progress.prepare(info, this.#wanted);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    this.#keeper?.add(chunk);
    const start = this.#arriving;
    this.#arriving += chunk.byteLength;
    const from = Math.max(0, this.#wanted.start - start);
    const to = Math.min(chunk.byteLength, this.#wanted.end - start);
    if (from >= to) return undefined;
    const part = chunk.subarray(from, to);
    return this.#before === undefined ? this.#settings.progress.write(part) : this.#writeAfter(this.#before, part);
  }

  /** Never fails. */
  async finish(): Promise<void> {
    await Promise.all([...this.#discards, this.#keeper?.finish()]);
  }

  /** The answer was wrong. Never fails. */
  async discard(): Promise<void> {
    await Promise.all([...this.#discards, this.#keeper?.discard()]);
  }

  async #writeAfter(before: () => Promise<void>, part: Uint8Array): Promise<void> {
    this.#before = undefined;
    await before();
    await this.#settings.progress.write(part);
  }
}
