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

/** The state of one origin; share it among all stores of that origin. */
export interface Circuit {
  /** `undefined` while the origin is left alone, or while another try is to find out whether it is back. */
  attempt(): Attempt | undefined;
  /** A try that nothing may keep from happening, since there is no copy. */
  insist(): Attempt;
}

/** `now` gives milliseconds. A clock that jumps back closes the circuit. */
export function openCircuit(now: () => number, openMs: number = circuitOpenMs): Circuit {
  let failedMs: number | undefined;
  let probing = false;
  const attempt = (isProbe: boolean): Attempt => {
    let runs = isProbe;
    if (isProbe) probing = true;
    const ended = () => {
      if (runs) probing = false;
      runs = false;
    };
    return {
      succeeded: () => {
        failedMs = undefined;
        ended();
      },
      failed: () => {
        failedMs = now();
        ended();
      },
      abandoned: ended,
    };
  };
  return {
    attempt: () => {
      if (failedMs === undefined) return attempt(false);
      const elapsedMs = now() - failedMs;
      return probing || (elapsedMs >= 0 && elapsedMs < openMs) ? undefined : attempt(true);
    },
    insist: () => attempt(false),
  };
}
