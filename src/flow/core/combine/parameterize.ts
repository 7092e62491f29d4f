/** One function as several nodes, with values or other nodes for some of the names that it asks for. */
import { type Binding, marked } from "../mark.ts";
import type { AnyFunction, DepsOf, Simplify } from "../types/functions.ts";
import type { IsUniverse } from "../types/universe.ts";

const sourceMark: unique symbol = Symbol.for("entrepot.flow.source") as never;

/** Stands for what another node gives, in `parameterize`. */
export interface Source<N extends string> {
  readonly [sourceMark]: N;
}

/** What the node `name` gives, as a parameter. */
export function from<const N extends string>(name: N): Source<N> {
  return { [sourceMark]: name };
}

type SourceNames<B> = { [P in keyof B]: B[P] extends Source<infer N> ? N : never }[keyof B];
type Rest<D, B> =
  IsUniverse<D> extends true
    ? D
    : Simplify<
        Omit<D, keyof B> & {
          readonly [N in SourceNames<B>]: {
            [P in keyof B & keyof D]: B[P] extends Source<N> ? D[P] : never;
          }[keyof B & keyof D];
        }
      >;

/**
 * Nodes that are the same function with some names bound: `export const { low, high } = parameterize(price, { low: { rate: 1 },
 * high: { rate: from("peakRate") } })`. What is bound is asked for no more; the rest is.
 */
export function parameterize<
  F extends AnyFunction,
  const B extends Readonly<Record<string, { readonly [P in keyof DepsOf<F>]?: DepsOf<F>[P] | Source<string> }>>,
>(fn: F, nodes: B): { readonly [N in keyof B]: (deps: Rest<DepsOf<F>, B[N]>) => ReturnType<F> } {
  const made = Object.entries(nodes).map(([name, values]) => {
    const bound = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, bindingOf(value)]));
    const call = fn as unknown as (deps: unknown, ...rest: readonly unknown[]) => unknown;
    const direct = (deps: Readonly<Record<string, unknown>>, ...rest: readonly unknown[]) =>
      call(bindValues(deps, bound), ...rest);
    return [name, marked(direct as unknown as AnyFunction, { inner: fn, bound }, name)];
  });
  return Object.fromEntries(made) as never;
}

function bindingOf(value: unknown): Binding {
  return typeof value === "object" && value !== null && sourceMark in value
    ? { source: (value as Source<string>)[sourceMark] }
    : { value };
}

/** What the inner function is given where the outer one is given `deps`. */
export function bindValues(
  deps: Readonly<Record<string, unknown>>,
  bound: Readonly<Record<string, Binding>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = { ...deps };
  for (const [name, binding] of Object.entries(bound))
    values[name] = "value" in binding ? binding.value : deps[binding.source];
  return values;
}
