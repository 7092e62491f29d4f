/**
 * One listener per AbortSignal, however many requests wait on it: a thousand parallel reads under one signal must neither
 * warn about a leak nor leave a listener behind.
 */

class Hub {
  readonly #signal: AbortSignal;
  readonly #callbacks = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(callback: () => void): void {
    if (this.#callbacks.size === 0) this.#signal.addEventListener("abort", this);
    this.#callbacks.add(callback);
  }

  remove(callback: () => void): void {
    if (this.#callbacks.delete(callback) && this.#callbacks.size === 0) this.#signal.removeEventListener("abort", this);
  }

  handleEvent(): void {
    for (const callback of [...this.#callbacks]) callback();
  }
}

const hubs = new WeakMap<AbortSignal, Hub>();

/** Calls `callback` when the signal aborts; one that is aborted already is the caller's to see. */
export function onAbort(signal: AbortSignal, callback: () => void): void {
  let hub = hubs.get(signal);
  if (hub === undefined) {
    hub = new Hub(signal);
    hubs.set(signal, hub);
  }
  hub.add(callback);
}

/** Takes back what `onAbort` was given. */
export function offAbort(signal: AbortSignal, callback: () => void): void {
  hubs.get(signal)?.remove(callback);
}
