/**
 * Remembers that an origin could not be reached, so that reads with a local copy do not wait for it again and again.
 * It decides nothing for reads without a copy.
 */

/** How long an origin that failed is left alone, milliseconds. */
export const circuitOpenMs = 30_000;

/** One permitted try. At least one of these is to be called; what is learnt later counts, too. */
export interface Attempt {
  succeeded(): void;
  /** The network failed, not the server. */
  failed(): void;
  /** It ended without saying anything about the network, e.g. by an abort. */
  abandoned(): void;
}

/** What a try found out. */
export type CircuitChange =
  | { readonly state: "unreachable" }
  /** `awayMs`: since the first try that failed, milliseconds. */
  | { readonly state: "reachable"; readonly awayMs: number };

/** The state of one origin; share it among all stores of that origin. */
export interface Circuit {
  /** Since when it could not be reached, milliseconds since 1970; `undefined` while nothing says so. */
  readonly unreachableSinceMs: number | undefined;
  /** The same circuit for one of those who use it: it hears of the changes that its own tries bring. */
  heardBy(listener: (change: CircuitChange) => void): Circuit;
  /** `undefined` while the origin is left alone, or while another try is to find out whether it is back. */
  attempt(): Attempt | undefined;
  /** A try that nothing may keep from happening, since there is no copy. */
  insist(): Attempt;
}

/** `now` gives milliseconds. A clock that jumps back closes the circuit. */
export function openCircuit(now: () => number, openMs: number = circuitOpenMs): Circuit {
  let failedMs: number | undefined;
  let sinceMs: number | undefined;
  let probing = false;
  const attempt = (isProbe: boolean, tell: (change: CircuitChange) => void): Attempt => {
    let runs = isProbe;
    if (isProbe) probing = true;
    const ended = () => {
      if (runs) probing = false;
      runs = false;
    };
    return {
      succeeded: () => {
        const awayMs = sinceMs === undefined ? undefined : Math.max(0, now() - sinceMs);
        failedMs = undefined;
        sinceMs = undefined;
        ended();
        if (awayMs !== undefined) tell({ state: "reachable", awayMs });
      },
      failed: () => {
        failedMs = now();
        const isNews = sinceMs === undefined;
        sinceMs ??= failedMs;
        ended();
        if (isNews) tell({ state: "unreachable" });
      },
      abandoned: ended,
    };
  };
  const heardBy = (tell: (change: CircuitChange) => void): Circuit => ({
    get unreachableSinceMs() {
      return sinceMs;
    },
    heardBy,
    attempt: () => {
      if (failedMs === undefined) return attempt(false, tell);
      const elapsedMs = now() - failedMs;
      return probing || (elapsedMs >= 0 && elapsedMs < openMs) ? undefined : attempt(true, tell);
    },
    insist: () => attempt(false, tell),
  });
  return heardBy(() => undefined);
}
