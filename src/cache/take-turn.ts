/** Among all processes that want an entry which nobody has: whose turn it is to fetch it, and what the others find afterwards. */
import type { Desk } from "./desk.ts";
import type { LocalCopy } from "./local-copy.ts";
import type { HeldLock } from "./locks/index.ts";
import type { Flight } from "./single-flight.ts";

/** Whoever let go of a lock and left nothing here had no luck: nobody queues behind several like that for longer, milliseconds. */
const lucklessMs = 1_000;

export interface Turn {
  /** To be released, with the copy or without; `undefined` when it could not be had. */
  readonly lock?: HeldLock | undefined;
  /** What is here by now. To be released. */
  readonly copy?: LocalCopy | undefined;
}

/** Rejects with the flight's `signal.reason` only. */
export async function takeTurn(desk: Desk, entry: string, flight: Flight): Promise<Turn> {
  const beganMs = desk.ticks.now();
  for (let luckless = 1; ; luckless += 1) {
    const taken = await desk.shelf.lock(entry, flight.signal);
    if (taken === "without") return {};
    // Always: whoever had the lock before may have brought it since we looked.
    const found = await desk.shelf.open(entry);
    const lock = taken === "freed" ? undefined : taken;
    if (typeof found !== "string") return { lock, copy: found };
    if (lock !== undefined) return { lock };
    if (luckless > 1 && desk.ticks.now() - beganMs > lucklessMs) return {};
  }
}
