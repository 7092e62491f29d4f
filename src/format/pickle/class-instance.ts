/** An object of a class that the caller has a function for: what Python would have given the class, handed over as data. */
import { Draft } from "./draft.ts";
import { CallerFailure, notSupported } from "./fault.ts";

/** What a pickle says of an object. All of it is data already. */
export interface PickledInstance {
  /** `"module.Class"`. */
  readonly name: string;
  /** What the class was called with. */
  readonly args: readonly unknown[];
  /** By name, where there were any. */
  readonly namedArgs: Readonly<Record<string, unknown>>;
  /** What it was filled with: mostly its attributes as a dict; `undefined` where there was nothing. */
  readonly state: unknown;
  /** Of a subclass of list or set. */
  readonly items: readonly unknown[];
  /** Of a subclass of dict. */
  readonly entries: ReadonlyMap<unknown, unknown>;
}

/**
 * Makes a value of an object: of its state, or of its arguments where it has none (a named tuple, an enum). Called once for each
 * object, for inner ones first.
 */
export type ClassReader = (state: unknown, instance: PickledInstance) => unknown;

export class InstanceDraft extends Draft {
  /** `"module.Class"`. */
  readonly name: string;
  readonly #read: ClassReader;
  /** When it was last filled: inner ones are, before those that hold them. */
  filled: number;
  readonly #clock: () => number;
  args: unknown[];
  namedArgs: Record<string, unknown>;
  state: unknown = undefined;
  items: unknown[] = [];
  entries: Map<unknown, unknown> = new Map();
  #result: { readonly is: unknown } | undefined;

  constructor(
    name: string,
    read: ClassReader,
    args: readonly unknown[],
    namedArgs: Readonly<Record<string, unknown>>,
    clock: () => number,
  ) {
    super();
    this.name = name;
    this.#read = read;
    this.#clock = clock;
    this.args = [...args];
    this.namedArgs = { ...namedArgs };
    this.filled = clock();
  }

  override setState(state: unknown): void {
    this.state = state;
    this.filled = this.#clock();
  }

  override append(items: readonly unknown[]): void {
    for (const item of items) this.items.push(item);
    this.filled = this.#clock();
  }

  override add(items: readonly unknown[]): void {
    this.append(items);
  }

  override setItem(key: unknown, value: unknown): void {
    this.entries.set(key, value);
    this.filled = this.#clock();
  }

  /** Calls the caller's function; what it is given is settled before. */
  read(): void {
    const { args, namedArgs, state, items, entries } = this;
    const instance = { name: this.name, args, namedArgs, state, items, entries };
    try {
      this.#result = { is: this.#read(state === undefined ? args : state, instance) };
    } catch (error) {
      throw new CallerFailure(error);
    }
  }

  finish(): unknown {
    if (this.#result === undefined)
      throw notSupported(`a ${this.name} that holds itself`, "break the circle in Python, or write what it holds");
    return this.#result.is;
  }
}
