/** What Python is to do when it loads a pickle: names and calls of them, written where a value has no operation of its own. */

/** A name of Python's, by module. */
export class PythonName {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
}

/** A call, and what the result is filled with (`__setstate__`). */
export class PythonCall {
  readonly callee: PythonName;
  readonly args: readonly unknown[];
  readonly state: unknown;

  constructor(callee: PythonName, args: readonly unknown[], state?: unknown) {
    this.callee = callee;
    this.args = args;
    this.state = state;
  }
}

/** A tuple, whether frozen or not. */
export class PythonTuple {
  readonly items: readonly unknown[];

  constructor(...items: readonly unknown[]) {
    this.items = items;
  }
}

/** A text that is UTF-8 already. */
export class PythonText {
  readonly utf8: Uint8Array;

  constructor(utf8: Uint8Array) {
    this.utf8 = utf8;
  }
}

/** `call("numpy", "dtype", "<f8")`. */
export function call(module: string, name: string, ...args: readonly unknown[]): PythonCall {
  return new PythonCall(new PythonName(module, name), args);
}
