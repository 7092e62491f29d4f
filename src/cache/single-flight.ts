/**
 * Several callers, one piece of work. Whoever calls before the work asks shares the answer; whoever calls later waits
 * and then asks anew. A caller that leaves takes nothing from the others, and no failure is remembered.
 */
import { offAbort, onAbort } from "../net/index.ts";

/** What the work sees of its callers. */
export interface Flight {
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Whether the caller who brought the work still waits. */
  readonly led: boolean;
  /** Whether somebody else waits. */
  readonly crowded: boolean;
  /** When the last one came who shares the answer, by the clock of the flights. */
  readonly since: bigint;
  /** Called when somebody else comes to wait; replaces the last one. */
  onCrowd: (() => void) | undefined;
  /** Somebody waits elsewhere, in another process. */
  crowd(): void;
  /** The question is on its way: from here on callers only wait for the end. */
  shut(): void;
  /** Fails the caller who brought the work; it goes on for the others. */
  failLeader(error: unknown): void;
  /** The others are told to look after themselves; nobody joins any more. */
  disband(): void;
}

/** `"again"` after waiting for work that began too early to be shared, `"alone"` when there is nothing to share. */
export type Joined<T> = T | "again" | "alone";

interface Caller<T> {
  readonly late: boolean;
  resolve(value: Joined<T>): void;
  reject(error: unknown): void;
  leave(): void;
}

/** `share` is called for every caller that gets a value, `release` once by the work itself. */
export interface Sharing<T> {
  share(value: T): void;
  release(value: T): void;
}

export class SingleFlight<T> {
  readonly #flights = new Map<string, RunningFlight<T>>();
  readonly #sharing: Sharing<T>;
  readonly #now: () => bigint;

  /** `now` never goes back; it is what `since` is told by. */
  constructor(sharing: Sharing<T>, now: () => bigint = () => 0n) {
    this.#sharing = sharing;
    this.#now = now;
  }

  /** `work` runs when nothing under `key` is under way. Rejects with what the work throws, or `signal.reason`. */
  join(key: string, signal: AbortSignal | undefined, work: (flight: Flight) => Promise<T>): Promise<Joined<T>> {
    const running = this.#flights.get(key);
    if (running !== undefined) return running.enter(signal);
    const flight = new RunningFlight<T>(this.#sharing, this.#now, () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    this.#flights.set(key, flight);
    const joined = flight.enter(signal);
    void flight.run(work);
    return joined;
  }
}

class RunningFlight<T> implements Flight {
  onCrowd: (() => void) | undefined;
  readonly #controller = new AbortController();
  readonly #sharing: Sharing<T>;
  readonly #now: () => bigint;
  readonly #land: () => void;
  readonly #callers = new Set<Caller<T>>();
  #leader: Caller<T> | undefined;
  #since: bigint;
  #shut = false;
  #isAwaitedElsewhere = false;

  constructor(sharing: Sharing<T>, now: () => bigint, land: () => void) {
    this.#sharing = sharing;
    this.#now = now;
    this.#land = land;
    this.#since = now();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get led(): boolean {
    return this.#leader !== undefined;
  }

  get crowded(): boolean {
    return this.#isAwaitedElsewhere || this.#callers.size > (this.led ? 1 : 0);
  }

  get since(): bigint {
    return this.#since;
  }

  crowd(): void {
    this.#isAwaitedElsewhere = true;
    this.onCrowd?.();
  }

  shut(): void {
    this.#shut = true;
  }

  enter(signal: AbortSignal | undefined): Promise<Joined<T>> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const abort = () => this.#leave(caller, () => reject(signal?.reason), signal?.reason);
      const leave = () => {
        if (signal !== undefined) offAbort(signal, abort);
      };
      const caller: Caller<T> = { late: this.#shut, resolve, reject, leave };
      if (signal !== undefined) onAbort(signal, abort);
      if (this.#callers.size === 0) this.#leader = caller;
      this.#callers.add(caller);
      if (!caller.late) this.#since = this.#now();
      if (caller !== this.#leader) this.onCrowd?.();
    });
  }

  async run(work: (flight: Flight) => Promise<T>): Promise<void> {
    if (this.#callers.size === 0) return this.#land();
    try {
      const value = await work(this);
      this.#land();
      this.#end((caller) => {
        if (caller.late) return caller.resolve("again");
        this.#sharing.share(value);
        caller.resolve(value);
      });
      this.#sharing.release(value);
    } catch (error) {
      this.#land();
      this.#end((caller) => (caller.late ? caller.resolve("again") : caller.reject(error)));
    }
  }

  failLeader(error: unknown): void {
    const leader = this.#leader;
    if (leader !== undefined) this.#leave(leader, () => leader.reject(error), error);
  }

  disband(): void {
    this.#land();
    for (const caller of this.#callers) {
      if (caller !== this.#leader)
        this.#leave(caller, () => caller.resolve(caller.late ? "again" : "alone"), undefined);
    }
  }

  #leave(caller: Caller<T>, settle: () => void, reason: unknown): void {
    this.#callers.delete(caller);
    if (caller === this.#leader) this.#leader = undefined;
    caller.leave();
    settle();
    if (this.#callers.size > 0) return;
    this.#land();
    this.#controller.abort(reason);
  }

  #end(settle: (caller: Caller<T>) => void): void {
    for (const caller of this.#callers) {
      caller.leave();
      settle(caller);
    }
    this.#callers.clear();
  }
}
