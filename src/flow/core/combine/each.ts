/** One node that runs a function for every item of another node's value, some at a time, and gives the list of what it gave. */
import { type Check, isFilledString, mistakeInValues } from "../../../error/index.ts";
import { marked } from "../mark.ts";
import type { AnyFunction, Simplify } from "../types/functions.ts";
import { mapLimited } from "./map-limited.ts";

export interface EachOptions<As extends string = string> {
  /** Items at a time. Default 8; the `concurrency` of the execution holds, too. */
  readonly limit?: number | undefined;
  /** Name under which the function asks for the item, as a node or a sub-flow does. Without it the item is the first argument. */
  readonly as?: As | undefined;
}

/** What `limit` may be is said below. */
const checks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["limit", () => undefined],
  ["as", isFilledString],
]);

type Deps<D> = unknown extends D ? {} : D;

/** `each("urls", (url: string, { stopWords }: Pick<$, "stopWords">) => …)`: the results in the order of the items. */
export function each<const N extends string, T, D, R>(
  over: N,
  fn: (item: T, deps: D) => R,
  options?: EachOptions<never>,
): (deps: { readonly [P in N]: Iterable<T> } & Deps<D>) => Promise<Awaited<R>[]>;
/** `each("policies", subflow(flow, { outputs: ["result"] }), { as: "policy" })`: the item is one of the names that are asked for. */
export function each<const N extends string, const As extends string, D extends { readonly [P in As]: unknown }, R>(
  over: N,
  fn: (deps: D) => R,
  options: EachOptions<As> & { readonly as: As },
): (deps: Simplify<{ readonly [P in N]: Iterable<D[As]> } & Omit<D, As>>) => Promise<Awaited<R>[]>;
export function each(over: string, fn: AnyFunction, options: EachOptions = {}): AnyFunction {
  const mistake = mistakeInValues("each()", options, checks);
  if (mistake !== undefined) throw mistake;
  const { limit = 8, as } = options;
  if (!(limit >= 1)) throw new RangeError(`limit of each() is a number from 1, not ${String(limit)}`);
  const call = fn as unknown as (...given: readonly unknown[]) => unknown;
  const direct = (deps: Readonly<Record<string, unknown>>) =>
    mapLimited(itemsOf(deps[over], over), limit, (item) => call(...itemArguments(item, deps, as)));
  return marked(direct as unknown as AnyFunction, { inner: fn, each: { over, as, limit } });
}

/** What the function of an `each` is called with. */
export function itemArguments(
  item: unknown,
  deps: Readonly<Record<string, unknown>>,
  as: string | undefined,
): readonly unknown[] {
  return as === undefined ? [item, deps] : [{ ...deps, [as]: item }];
}

/** The items of a value; TypeError where it has none. */
export function itemsOf(value: unknown, over: string): readonly unknown[] {
  if (typeof value === "object" && value !== null && Symbol.iterator in value) return [...(value as Iterable<unknown>)];
  throw new TypeError(`each("${over}") needs a list: what '${over}' gives cannot be iterated`);
}
