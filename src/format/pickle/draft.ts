/**
 * What stands for a Python object while it is still being filled. None of them is left in a value: `settle` replaces each by data.
 */
import { malformed, notSupported } from "./fault.ts";

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
