/** Lets a number of requests in at a time; the others wait in the order in which they came. */
import { offAbort, onAbort } from "./abort-hub.ts";

export class Gate {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  /** Resolves with what gives the place back. Rejects with `signal.reason`. */
  async enter(signal: AbortSignal | undefined): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    return () => this.#leave();
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const onEnd = () => {
        this.#waiting.delete(go);
        if (signal !== undefined) offAbort(signal, onEnd);
        reject(signal?.reason);
      };
      const go = () => {
        if (signal !== undefined) offAbort(signal, onEnd);
        resolve();
      };
      this.#waiting.add(go);
      if (signal !== undefined) onAbort(signal, onEnd);
    });
  }

  /** The connection is given back a little after the answer's end; who comes in before that would open another. */
  #leave(): void {
    setImmediate(() => {
      const [next] = this.#waiting;
      if (next === undefined) {
        this.#free++;
        return;
      }
      this.#waiting.delete(next);
      next();
    });
  }
}
