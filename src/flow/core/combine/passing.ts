/** A function like another one, which can bear a mark of its own. */
import type { AnyFunction } from "../types/functions.ts";

export function passing<F extends AnyFunction>(fn: F): F {
  const call = fn as unknown as (...given: readonly unknown[]) => unknown;
  return ((...given: readonly unknown[]) => call(...given)) as unknown as F;
}
