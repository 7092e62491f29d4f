/** The names that a pickle may mention, and what they may do: only what stands in a list, and only by these means. */
import type { Budget } from "./limits.ts";

/** What a handler has at hand. */
export interface Workshop {
  readonly budget: Budget;
  /** Whether columns that cannot be read are kept as such, for those who want others. */
  readonly keepsOdd: boolean;
  /** Frozen at the end: how a tuple and a frozenset are told from a list and a set. */
  freezeLater(value: unknown[] | Set<unknown>): void;
  /** What Python has in a dict or set though it became a list or dict here. */
  readonly hashable: Set<unknown>;
  /** Of what Python has in a set. Fault: unsupported. */
  newSet(items: Iterable<unknown>): Set<unknown>;
  /** The same for a dict. */
  newMap(entries: Iterable<readonly [unknown, unknown]>): Map<unknown, unknown>;
  /** Dicts whose keys turned out not to be text, by what was made for them at first. */
  readonly maps: ReadonlyMap<object, Map<unknown, unknown>>;
  /** Fault: unsupported, with the name, for what is not on the list. */
  global(module: string, name: string): Global;
  /** Makes an object of a class. */
  make(callee: unknown, args: unknown, named?: Readonly<Record<string, unknown>>): unknown;
}

/** What a name of Python's may do here. Without `call` it can only be handed to others. */
export interface Allowed {
  /** Called with the arguments that Python would call it with; gives data or a draft. */
  readonly call?: ((args: readonly unknown[], workshop: Workshop) => unknown) | undefined;
  /** The same for `cls.__new__`; default `call`. */
  readonly make?:
    | ((args: readonly unknown[], workshop: Workshop, named: Readonly<Record<string, unknown>>) => unknown)
    | undefined;
  /** The name itself is a value, such as `pandas.NA`. */
  readonly value?: { readonly is: unknown } | undefined;
}

/** A name that a pickle may mention. */
export class Global {
  readonly name: string;
  readonly allowed: Allowed;

  constructor(name: string, allowed: Allowed) {
    this.name = name;
    this.allowed = allowed;
  }
}
