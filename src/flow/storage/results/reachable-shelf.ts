/** A shelf that is not asked again and again while it cannot be reached: each question has cost the patience of its depot already. */
import { type EntrepotError, isEntrepotError } from "../../../error/index.ts";
import type { Shelf } from "./shelf.ts";

/** For so long nobody asks a store that was away. */
const awayMs = 60_000;
const awayCodes = ["unreachable", "timeout", "throttled", "server-error", "unauthenticated"] as const;

export class ReachableShelf {
  readonly #open: () => Promise<Shelf>;
  readonly #now: () => number;
  #away: { readonly untilMs: number; readonly error: EntrepotError } | undefined;

  constructor(open: () => Promise<Shelf>, now: () => number) {
    this.#open = open;
    this.#now = now;
  }

  /** Why it is not asked now. */
  get away(): EntrepotError | undefined {
    return this.#away !== undefined && this.#now() < this.#away.untilMs ? this.#away.error : undefined;
  }

  /** The shelf. Throws what it last failed with, while it is away. */
  readonly open = async (): Promise<Shelf> => {
    const { away } = this;
    if (away !== undefined) throw away;
    return this.#open();
  };

  /** What it failed with: what says that it is away keeps everybody from it for a while. */
  noteFailure(error: unknown): void {
    if (!isEntrepotError(error, ...awayCodes) || this.away !== undefined) return;
    this.#away = { untilMs: this.#now() + awayMs, error };
  }
}
