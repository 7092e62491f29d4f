/** What becomes of one request: the fault that it met, and what slows or counts it besides, with all chances drawn. */
import { type ServerClock, waited } from "./clock.ts";
import type { FaultEffect } from "./fault.ts";
import type { Rate } from "./rate.ts";

export interface Spoiling {
  /** None of those that only slow or count. */
  readonly effect: FaultEffect | undefined;
  /** 0 for none. */
  readonly latencyMs: number;
  readonly bodyDelayMs: number;
  /** The limit of its connection. */
  readonly link: Link | undefined;
  /** The rate that it has exceeded. */
  readonly exceeded: Rate | undefined;
  readonly clock: ServerClock;
}

/** A connection that lets only so many bytes pass in a second; requests on it, and their two directions, share it. */
export class Link {
  /** Larger pieces would come in bursts: a twentieth of a second's. */
  readonly pieceBytes: number;
  readonly #bytesPerSecond: number;
  readonly #clock: ServerClock;
  #freeAtMs = Number.NEGATIVE_INFINITY;

  constructor(bytesPerSecond: number, clock: ServerClock) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#clock = clock;
    this.pieceBytes = Math.max(1, Math.ceil(bytesPerSecond / 20));
  }

  /** Resolves when so many bytes have passed; false when it was aborted. */
  async pass(bytes: number, signal: AbortSignal): Promise<boolean> {
    const nowMs = this.#clock.now();
    this.#freeAtMs = Math.max(nowMs, this.#freeAtMs) + (bytes * 1000) / this.#bytesPerSecond;
    return await waited(this.#clock, this.#freeAtMs - nowMs, signal);
  }
}

/** Nothing but a connection that breaks. */
export const lostAnswer: Spoiling = {
  ...{ effect: { loseAnswer: true }, latencyMs: 0, bodyDelayMs: 0, link: undefined, exceeded: undefined },
  clock: { now: () => 0, sleep: () => Promise.resolve() },
};

const ofEveryAnswer = ["drip", "slowHeaders", "closeAfter"] as const;

/** What is left of it when the request was refused: what slows it, and what is no matter of the operation. */
export function spoiledRefusal(spoiling: Spoiling): Spoiling {
  const { effect } = spoiling;
  const stays = effect !== undefined && ofEveryAnswer.some((name) => name in effect);
  return { ...spoiling, effect: stays ? effect : undefined };
}
