/** Runs a function inside its layers, the first one outermost. */
import type { Layer, LayerContext } from "../layer.ts";

/** What came out, and what went into the inmost check that may change it: this is what can be kept and checked again. */
export interface Layered {
  readonly value: unknown;
  readonly raw: unknown;
}

/** A plain value where there are no layers and `call` gives one; a promise otherwise. */
export function runLayers(
  layers: readonly Layer[],
  call: (signal: AbortSignal) => unknown,
  context: LayerContext,
): Layered | Promise<Layered> {
  if (layers.length === 0) {
    const value = call(context.signal);
    return isPromiseLike(value) ? Promise.resolve(value).then((raw) => ({ value: raw, raw })) : { value, raw: value };
  }
  const inmost = layers.findLastIndex(({ changes }) => changes === true);
  let raw: { readonly value: unknown } | undefined;
  let wrapped = call;
  for (let at = layers.length - 1; at >= 0; at--) {
    const layer = layers[at] as Layer;
    const inside = wrapped;
    const seen = async (signal: AbortSignal): Promise<unknown> => {
      const value = await inside(signal);
      raw = { value };
      return value;
    };
    wrapped = (signal) => layer.run(at === inmost ? seen : inside, { ...context, signal });
  }
  return Promise.resolve(wrapped(context.signal)).then((value) => ({
    value,
    raw: raw === undefined ? value : raw.value,
  }));
}

/** What the checks make of a value that was computed before, the inmost first. */
export async function checkAgain(layers: readonly Layer[], raw: unknown, context: LayerContext): Promise<unknown> {
  let value = raw;
  for (let at = layers.length - 1; at >= 0; at--) {
    const check = layers[at]?.check;
    if (check !== undefined) value = await check(value, context);
  }
  return value;
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as Partial<PromiseLike<unknown>>).then === "function"
  );
}
