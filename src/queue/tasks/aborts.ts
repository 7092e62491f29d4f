/** One listener for each signal, however many wait under it: Node takes eleven for a leak. */
export class Aborts {
  readonly #waiting = new Map<AbortSignal, { readonly calls: Set<() => void>; readonly onAbort: () => void }>();

  join(signal: AbortSignal, call: () => void): void {
    let joined = this.#waiting.get(signal);
    if (joined === undefined) {
      const calls = new Set<() => void>();
      const onAbort = (): void => {
        for (const each of [...calls]) each();
      };
      joined = { calls, onAbort };
      this.#waiting.set(signal, joined);
      signal.addEventListener("abort", onAbort, { once: true });
    }
    joined.calls.add(call);
  }

  leave(signal: AbortSignal, call: () => void): void {
    const joined = this.#waiting.get(signal);
    joined?.calls.delete(call);
    if (joined === undefined || joined.calls.size > 0) return;
    signal.removeEventListener("abort", joined.onAbort);
    this.#waiting.delete(signal);
  }
}
