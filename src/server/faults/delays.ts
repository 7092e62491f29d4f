/** How long something takes: always the same, or by a distribution. */
import type { Random } from "./random.ts";

/** Milliseconds; what a distribution gives below 0 counts as 0. Measured latencies of object stores are close to log-normal. */
export type Delay =
  | { readonly kind: "constant"; readonly ms: number }
  | { readonly kind: "uniform"; readonly minMs: number; readonly maxMs: number }
  | { readonly kind: "normal"; readonly meanMs: number; readonly deviationMs: number }
  /** Half of all are shorter than the median; `sigma` is the deviation of the logarithm (0.5: one in twenty above 2.3 medians). */
  | { readonly kind: "lognormal"; readonly medianMs: number; readonly sigma: number }
  | { readonly kind: "exponential"; readonly meanMs: number };

/** One delay, in milliseconds. Draws two numbers, whatever the kind. */
export function drawDelay(delay: Delay, random: Random): number {
  const [first, second] = [random(), random()];
  return Math.max(0, lengthOf(delay, first, second));
}

function lengthOf(delay: Delay, first: number, second: number): number {
  switch (delay.kind) {
    case "constant":
      return delay.ms;
    case "uniform":
      return delay.minMs + first * (delay.maxMs - delay.minMs);
    case "normal":
      return delay.meanMs + delay.deviationMs * normal(first, second);
    case "lognormal":
      return delay.medianMs * Math.exp(delay.sigma * normal(first, second));
    case "exponential":
      return -delay.meanMs * Math.log(1 - first);
  }
}

/** Box and Muller's way. */
function normal(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}
