/**
 * What stands for a Python object while a pickle is read: a name on the list of those that may be called, or an object that is
 * still being filled. None of them is left in a value: `settle` replaces each by data.
 */
import { malformed, notSupported } from "./fault.ts";
import type { Machine } from "./machine.ts";

/** What a name of Python's may do here. Without `call` it can only be handed to others. */
export interface Allowed {
  /** Called with the arguments that Python would call it with; gives data or a draft. */
  readonly call?: ((args: readonly unknown[], machine: Machine) => unknown) | undefined;
  /** The same for `cls.__new__`; default `call`. */
  readonly make?:
    | ((args: readonly unknown[], machine: Machine, named: Readonly<Record<string, unknown>>) => unknown)
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

/** An object on its way. */
export abstract class Draft {
  /** Python's `__setstate__`. */
  setState(_state: unknown): void {
    throw malformed("it sets the state of what has none");
  }

  append(_items: readonly unknown[]): void {
    throw malformed("it appends to what is no list");
  }

  setItem(_key: unknown, _value: unknown): void {
    throw malformed("it sets items of what is no dict");
  }

  add(_items: readonly unknown[]): void {
    throw malformed("it adds to what is no set");
  }

  /** The data that takes its place. What that holds is settled afterwards. */
  abstract finish(): unknown;
}

/** Something that others are made of, and that is no value by itself. */
export class Part extends Draft {
  /** Its Python name without the module: `"Categorical"`. */
  readonly type: string;
  readonly args: readonly unknown[];
  state: unknown = undefined;

  constructor(type: string, args: readonly unknown[] = []) {
    super();
    this.type = type;
    this.args = args;
  }

  override setState(state: unknown): void {
    this.state = state;
  }

  finish(): unknown {
    throw notSupported(`a ${this.type} by itself`);
  }
}

/** Whether it was made for a dict: these alone have no prototype. */
export function isDict(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null;
}

/** The value of a text key in a dict, whichever way that is kept. */
export function entryOf(dict: unknown, key: string): unknown {
  if (dict instanceof Map) return dict.get(key);
  return isDict(dict) && Object.hasOwn(dict, key) ? dict[key] : undefined;
}
