/** Columns of a table, or fields of an object, as nodes of their own. */
import { marked } from "../mark.ts";
import type { AnyFunction, DepsOf, Out } from "../types/functions.ts";

/** A frame of polars, by shape. */
interface Columned {
  getColumn(name: string): unknown;
}
/** A table of Arrow, by shape. */
interface WithChildren {
  getChild(name: string): unknown;
}

/** A frame of which the compiler knows no more: `import "entrepot/table"` says what its columns are. */
interface Framed {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly string[];
}

type FieldNames<T> = T extends Columned | WithChildren | Framed ? string : keyof T & string;
type Field<T, P> = T extends { getColumn(name: string): infer Column }
  ? Column
  : T extends { getChild(name: string): infer Child }
    ? NonNullable<Child>
    : P extends keyof T
      ? T[P]
      : T extends Framed
        ? unknown
        : never;

/**
 * Nodes for columns or fields of what `fn` gives: `export const { spend, signups } = extract(marketingSpend, ["spend", "signups"])`.
 * Works on frames of polars (`getColumn`), tables of Arrow (`getChild`) and plain objects. A name that is not there fails when it
 * is asked for.
 */
export function extract<F extends AnyFunction, const K extends FieldNames<Out<F>>>(
  fn: F,
  names: readonly K[],
): { readonly [P in K]: (deps: DepsOf<F>) => Field<Out<F>, P> } {
  const call = fn as unknown as (deps: unknown) => unknown;
  const nodes = names.map((name) => {
    const direct = async (deps: unknown) => fieldOf(await call(deps), name);
    return [name, marked(direct as AnyFunction, { field: { source: fn, name } }, name)];
  });
  return Object.fromEntries(nodes) as { readonly [P in K]: (deps: DepsOf<F>) => Field<Out<F>, P> };
}

/** The column or field of a value. TypeError where there is none. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value === "object" && value !== null) {
    if ("getColumn" in value && typeof value.getColumn === "function") return value.getColumn(name);
    if ("getChild" in value && typeof value.getChild === "function") {
      const child: unknown = value.getChild(name);
      if (child !== null && child !== undefined) return child;
    } else if (name in value) return (value as Readonly<Record<string, unknown>>)[name];
  }
  const names = typeof value === "object" && value !== null ? Object.keys(value).slice(0, 20) : [];
  const there = names.length === 0 ? "" : `; it has ${names.join(", ")}`;
  throw new TypeError(`there is no '${name}' to extract from ${value === null ? "null" : typeof value}${there}`);
}
