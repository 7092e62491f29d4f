/** A function with a layer around each run: called directly, the layer works, too, by the system's clock. */
import { systemFlowClock } from "../clock.ts";
import type { Layer } from "../layer.ts";
import { marked } from "../mark.ts";
import type { AnyFunction } from "../types/functions.ts";

const never = new AbortController().signal;

export function layered<F extends AnyFunction>(fn: AnyFunction, layer: Layer): F {
  const call = fn as unknown as (...given: readonly unknown[]) => unknown;
  const wrapper = (...given: readonly unknown[]): unknown =>
    layer.run(() => call(...given), { node: fn.name, signal: never, clock: systemFlowClock, tell: () => {} });
  return marked(wrapper as unknown as F, { inner: fn, layer });
}
