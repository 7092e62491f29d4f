/**
 * The machine that a pickle is a program for: a stack, a memo, and names from a list. It makes data and drafts and runs no code:
 * a name that is not on the list ends it.
 */
import { type ClassReader, InstanceDraft } from "./class-instance.ts";
import { Cursor } from "./cursor.ts";
import { Draft, isDict } from "./draft.ts";
import { malformed, refusedClass } from "./fault.ts";
import { assertNoSecondNaN } from "./hashed.ts";
import { type Budget, dictBytes, listBytes, placeBytes } from "./limits.ts";
import { type Allowed, Global, type Workshop } from "./names.ts";

/** What a name means, if it may be mentioned at all. */
export type Names = (module: string, name: string) => Allowed | undefined;
/** The caller's function for a class, if there is one. */
export type Classes = (name: string) => ClassReader | undefined;

export class Machine implements Workshop {
  readonly cursor: Cursor;
  readonly budget: Budget;
  readonly keepsOdd: boolean;
  /** Frozen at the end: how a tuple and a frozenset are told from a list and a set. */
  readonly frozen: object[] = [];
  /** How long each tuple of `frozen` was when it was made; frozensets have 0. */
  readonly frozenLengths: number[] = [];
  /** Sets, and dicts whose keys are not text alone: their keys are looked at when all is there. */
  readonly hashed: (Map<unknown, unknown> | Set<unknown>)[] = [];
  /** What Python has in a dict or set though it became a list or dict here. */
  readonly hashable: Set<unknown> = new Set();
  readonly instances: InstanceDraft[] = [];
  /** Dicts whose keys turned out not to be text, by what was made for them at first. */
  readonly maps: Map<object, Map<unknown, unknown>> = new Map();
  /** Whether the value may hold anything that is no data yet. */
  isUnsettled = false;
  stack: unknown[] = [];
  readonly #marks: unknown[][] = [];
  readonly #memo: unknown[] = [];
  /** Positions that were given out of order. */
  readonly #farMemo: Map<number, unknown> = new Map();
  readonly #names: Names;
  readonly #classes: Classes;
  readonly #globals: Map<string, Global> = new Map();
  #time = 0;

  constructor(bytes: Uint8Array, budget: Budget, names: Names, classes: Classes, keepsOdd = false) {
    this.cursor = new Cursor(bytes);
    this.budget = budget;
    this.#names = names;
    this.#classes = classes;
    this.keepsOdd = keepsOdd;
  }

  pop(): unknown {
    if (this.stack.length === 0) throw malformed("it takes from an empty stack");
    return this.stack.pop();
  }

  top(): unknown {
    if (this.stack.length === 0) throw malformed("it looks at an empty stack");
    return this.stack[this.stack.length - 1];
  }

  mark(): void {
    this.budget.spend(listBytes);
    this.#marks.push(this.stack);
    this.stack = [];
  }

  /** What was put since the last mark; the array is the caller's. */
  popMark(): unknown[] {
    const items = this.stack;
    const before = this.#marks.pop();
    if (before === undefined) throw malformed("a mark is missing");
    this.stack = before;
    return items;
  }

  /** Takes one value, or the mark where nothing stands above it. */
  discard(): void {
    if (this.stack.length > 0) this.stack.pop();
    else this.popMark();
  }

  memoize(): void {
    this.budget.spend(placeBytes);
    this.#memo.push(this.top());
  }

  put(at: number): void {
    if (!(Number.isInteger(at) && at >= 0)) throw malformed("a place of the memo is none");
    this.budget.spend(placeBytes);
    if (at === this.#memo.length) this.#memo.push(this.top());
    else if (at < this.#memo.length) this.#memo[at] = this.top();
    else {
      this.budget.spend(10 * placeBytes);
      this.#farMemo.set(at, this.top());
    }
  }

  get(at: number): void {
    if (at < this.#memo.length && at >= 0) this.stack.push(this.#memo[at]);
    else if (this.#farMemo.has(at)) this.stack.push(this.#farMemo.get(at));
    else throw malformed("it recalls what was never kept");
  }

  pushGlobal(module: unknown, name: unknown): void {
    if (typeof module !== "string" || typeof name !== "string") throw malformed("a name is no text");
    const global = this.global(module, name);
    const { value } = global.allowed;
    this.stack.push(value === undefined ? global : value.is);
  }

  /** Fault: unsupported, with the name, for what is not on the list. */
  global(module: string, name: string): Global {
    this.isUnsettled = true;
    const full = `${module}.${name}`;
    const known = this.#globals.get(full);
    if (known !== undefined) return known;
    this.budget.spend(dictBytes);
    const reader = this.#classes(full);
    const allowed = reader === undefined ? this.#names(module, name) : this.#reading(full, reader);
    if (allowed === undefined) throw refusedClass(full);
    const global = new Global(full, allowed);
    this.#globals.set(full, global);
    return global;
  }

  #reading(name: string, read: ClassReader): Allowed {
    const make = (args: readonly unknown[], named: Readonly<Record<string, unknown>>) => {
      const draft = new InstanceDraft(name, read, args, named, () => ++this.#time);
      this.budget.container(dictBytes);
      this.instances.push(draft);
      return draft;
    };
    return { call: (args) => make(args, {}), make: (args, _, named) => make(args, named) };
  }

  call(callee: unknown, args: unknown): unknown {
    const { name, allowed } = callable(callee);
    if (!Array.isArray(args)) throw malformed("it calls without a tuple");
    if (allowed.call === undefined) throw refusedClass(name);
    this.budget.container(listBytes);
    return allowed.call(args, this);
  }

  make(callee: unknown, args: unknown, named: Readonly<Record<string, unknown>> = {}): unknown {
    const { name, allowed } = callable(callee);
    if (!Array.isArray(args)) throw malformed("it makes an object without a tuple");
    this.budget.container(listBytes);
    if (allowed.make !== undefined) return allowed.make(args, this, named);
    if (allowed.call === undefined) throw refusedClass(name);
    return allowed.call(args, this);
  }

  build(state: unknown): void {
    const target = this.top();
    if (!(target instanceof Draft)) throw malformed("it sets the state of what has none");
    target.setState(state);
  }

  append(items: readonly unknown[]): void {
    this.budget.spend(placeBytes * items.length);
    const list = this.top();
    // a batch of Python's is short enough to be spread
    if (Array.isArray(list) && items.length <= 1000) list.push(...items);
    else if (Array.isArray(list)) for (const item of items) list.push(item);
    else if (list instanceof Draft) list.append(items);
    else throw malformed("it appends to what is no list");
  }

  add(items: readonly unknown[]): void {
    this.budget.spend(5 * placeBytes * items.length);
    const set = this.top();
    if (set instanceof Set) for (const item of items) this.addTo(set, item);
    else if (set instanceof Draft) set.add(items);
    else throw malformed("it adds to what is no set");
  }

  /** A tuple or a frozenset: frozen at the end. */
  freezeLater(value: unknown[] | Set<unknown>): void {
    this.frozen.push(value);
    this.frozenLengths.push(Array.isArray(value) ? value.length : 0);
  }

  newSet(items: Iterable<unknown>): Set<unknown> {
    const set = new Set<unknown>();
    for (const item of items) this.addTo(set, item);
    this.hashed.push(set);
    return set;
  }

  newMap(entries: Iterable<readonly [unknown, unknown]>): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    for (const [key, value] of entries) this.setIn(map, key, value);
    this.hashed.push(map);
    return map;
  }

  addTo(set: Set<unknown>, item: unknown): void {
    assertNoSecondNaN(item, set);
    set.add(item);
  }

  setIn(map: Map<unknown, unknown>, key: unknown, value: unknown): void {
    assertNoSecondNaN(key, map);
    map.set(key, value);
  }

  /** Keys and values, alternately, into the dict on top of the stack. */
  setItems(pairs: readonly unknown[]): void {
    if (pairs.length % 2 !== 0) throw malformed("a key has no value");
    this.budget.spend(3 * placeBytes * pairs.length);
    const dict = this.top();
    const target = this.maps.size === 0 ? dict : (this.maps.get(dict as object) ?? dict);
    if (target instanceof Draft) for (let at = 0; at < pairs.length; at += 2) target.setItem(pairs[at], pairs[at + 1]);
    else if (target instanceof Map)
      for (let at = 0; at < pairs.length; at += 2) this.setIn(target, pairs[at], pairs[at + 1]);
    else if (isDict(target)) this.#fill(target, pairs);
    else throw malformed("it sets items of what is no dict");
  }

  /** A dict is an object while its keys are text, and not the one text that objects do not treat as any other. */
  #fill(dict: Record<string, unknown>, pairs: readonly unknown[]): void {
    for (let at = 0; at < pairs.length; at += 2) {
      const key = pairs[at];
      if (typeof key === "string" && key !== "__proto__") {
        dict[key] = pairs[at + 1];
        continue;
      }
      const map = this.newMap(Object.entries(dict));
      this.budget.spend(dictBytes + 5 * placeBytes * map.size);
      for (; at < pairs.length; at += 2) this.setIn(map, pairs[at], pairs[at + 1]);
      this.maps.set(dict, map);
      this.isUnsettled = true;
    }
  }
}

function callable(callee: unknown): Global {
  if (!(callee instanceof Global)) throw malformed("it calls what cannot be called");
  return callee;
}
