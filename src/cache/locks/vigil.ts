/**
 * Watches one lock that somebody else holds: does that process live and get on with it? Of another machine only the changes
 * that are seen here count, by the clock here: two machines need not agree on the time.
 */
import type { Disk } from "../../disk/index.ts";
import { type Holder, lifeOf, parseHolder } from "../holder.ts";
import { leftLocks } from "../this-process.ts";
import type { FoundLock } from "./lock-files.ts";
import type { Ticks } from "./ticks.ts";

/** How often a lock is touched while it is held, milliseconds. */
export const beatMs = 2_000;
/** A holder who was not heard of for so long is not waited for, milliseconds. */
export const silentMs = 15_000;
/** The same by the calendar, for a holder on this machine: a clock may be corrected by a little. Milliseconds. */
const silentSinceMs = silentMs + 5_000;

export interface VigilOptions {
  readonly disk: Disk;
  readonly own: Holder;
  readonly ticks: Ticks;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** `"silent"`: it lives, but nothing is heard of it, so that others had better look after themselves. */
export type Verdict = "busy" | "dead" | "silent";

export class Vigil {
  readonly #options: VigilOptions;
  readonly #text: string;
  #heardNs: bigint;
  #heardMs: number;

  constructor(options: VigilOptions, { text, stat }: FoundLock) {
    this.#options = options;
    this.#text = text;
    this.#heardNs = stat.modifiedNs;
    this.#heardMs = options.ticks.now();
  }

  /** Whether it is still the same one. */
  isOf({ text }: FoundLock): boolean {
    return text === this.#text;
  }

  async judge({ stat }: FoundLock): Promise<Verdict> {
    const { disk, own, ticks, now } = this.#options;
    if (leftLocks.has(this.#text)) return "dead";
    const parsed = parseHolder(this.#text);
    const life = parsed === undefined ? "unknown" : await lifeOf(disk, own, parsed.holder);
    if (life === "dead") return "dead";
    if (stat.modifiedNs !== this.#heardNs) {
      this.#heardNs = stat.modifiedNs;
      this.#heardMs = ticks.now();
    }
    if (life === "alive" && Math.abs(now() - stat.modifiedMs) > silentSinceMs) return "silent";
    if (ticks.now() - this.#heardMs < silentMs) return "busy";
    return life === "alive" ? "silent" : "dead";
  }
}
