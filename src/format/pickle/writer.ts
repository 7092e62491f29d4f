/**
 * A value → the program that makes it again in Python. Goes through the value without recursion; what is shared is written once,
 * and what holds itself is written as such.
 */
import type { Out } from "./out.ts";
import { PythonCall, PythonName, PythonText, PythonTuple } from "./python-call.ts";

/** Something whose contents are being written. */
interface Open {
  /** Writes as far as the next that must be opened, which then stands above it; false when it is done. */
  readonly step: () => boolean;
}

/** Longer texts are rarely the same, and more of them would take more memory than they save. */
const longestShared = 64;
const mostShared = 100_000;
/** As many as Python puts into one batch. */
const batch = 1000;

/** What a value that has no operation of its own is written as. TypeError for what pickles cannot hold. */
export type ToPython = (value: object) => unknown;

export class Writer {
  readonly #out: Out;
  readonly #toPython: ToPython;
  readonly #objects: Map<object, number> = new Map();
  readonly #texts: Map<string, number> = new Map();
  readonly #names: Map<string, PythonName> = new Map();
  /** Those that cannot be referred to before they are whole. */
  readonly #within: Map<object, number> = new Map();
  readonly #open: Open[] = [];
  #places = 0;

  constructor(out: Out, toPython: ToPython) {
    this.#out = out;
    this.#toPython = toPython;
  }

  write(value: unknown): void {
    if (!this.#leaf(value)) this.#enter(value as object);
    for (let last = this.#open.at(-1); last !== undefined; last = this.#open.at(-1)) if (!last.step()) this.#open.pop();
    this.#out.op(0x2e);
  }

  /** Writes what holds no others, or is known; false for the rest. */
  #leaf(value: unknown): boolean {
    const out = this.#out;
    switch (typeof value) {
      case "string":
        this.#text(value);
        return true;
      case "number":
        if (Number.isSafeInteger(value) && !Object.is(value, -0)) out.int(value);
        else out.float(value);
        return true;
      case "boolean":
        out.op(value ? 0x88 : 0x89);
        return true;
      case "bigint":
        out.bigInt(value);
        return true;
      case "object":
        break;
      default:
        throw new TypeError(`${value === undefined ? "undefined" : `a ${typeof value}`} cannot be pickled`);
    }
    if (value === null) {
      out.op(0x4e);
      return true;
    }
    if (this.#recall(value)) return true;
    if (value instanceof PythonName) {
      this.#name(value);
      return true;
    }
    if (value instanceof PythonText) {
      out.utf8(value.utf8);
      return true;
    }
    if (!(value instanceof Uint8Array) || out.protocol < 3) return false;
    out.data(value);
    this.#keep(value);
    return true;
  }

  #recall(value: object): boolean {
    const place = this.#objects.get(value);
    if (place === undefined) return false;
    this.#out.get(place);
    return true;
  }

  #keep(value: object): void {
    this.#objects.set(value, this.#places);
    this.#out.put(this.#places++);
  }

  #text(text: string): void {
    const place = this.#texts.get(text);
    if (place !== undefined) {
      this.#out.get(place);
      return;
    }
    this.#out.text(text);
    if (text.length > longestShared || this.#texts.size >= mostShared) return;
    this.#texts.set(text, this.#places);
    this.#out.put(this.#places++);
  }

  /** Names below names (`Categorical.from_codes`) are none to protocols before 4, which ask for the attribute instead. */
  #name(name: PythonName): void {
    const key = `${name.module}\n${name.name}`;
    const known = this.#names.get(key);
    if (known !== undefined) {
      this.#recall(known);
      return;
    }
    this.#names.set(key, name);
    const dot = name.name.lastIndexOf(".");
    if (this.#out.protocol >= 4) {
      this.#text(name.module);
      this.#text(name.name);
      this.#out.op(0x93);
    } else if (dot < 0) this.#out.globalLine(name.module, name.name);
    else {
      this.#name(new PythonName(this.#builtins, "getattr"));
      this.#name(new PythonName(name.module, name.name.slice(0, dot)));
      this.#text(name.name.slice(dot + 1));
      this.#out.op(0x86);
      this.#out.op(0x52);
    }
    this.#keep(name);
  }

  get #builtins(): string {
    return this.#out.protocol < 3 ? "__builtin__" : "builtins";
  }

  #enter(value: object): void {
    if (Array.isArray(value)) this.#open.push(Object.isFrozen(value) ? this.#tuple(value, value) : this.#list(value));
    else if (value instanceof PythonTuple) this.#open.push(this.#tuple(value, value.items));
    else if (value instanceof Map) this.#open.push(this.#dict(value, value));
    else if (value instanceof Set) this.#open.push(this.#set(value));
    else if (value instanceof PythonCall) this.#open.push(this.#call(value, value));
    else if (isPlainObject(value)) {
      const entries = Object.entries(value).filter(([, each]) => each !== undefined);
      this.#open.push(this.#dict(value, entries));
    } else if (value instanceof Uint8Array) {
      const latin1 = Buffer.from(value.buffer, value.byteOffset, value.length).toString("latin1");
      this.#open.push(this.#call(value, new PythonCall(new PythonName("_codecs", "encode"), [latin1, "latin1"])));
    } else {
      const written = this.#toPython(value);
      if (written instanceof PythonCall) this.#open.push(this.#call(value, written));
      else if (!this.#leaf(written)) this.#enter(written as object);
    }
  }

  /** The children of `items` from `at` on that hold no others; then opens the one that does. */
  #children(items: readonly unknown[], at: number, end: number): number {
    for (let next = at; next < end; next++) {
      const item = items[next];
      if (this.#leaf(item)) continue;
      this.#enter(item as object);
      return next + 1;
    }
    return end + 1;
  }

  #list(list: readonly unknown[]): Open {
    this.#out.op(0x5d);
    this.#keep(list);
    return this.#batches(list, batch, 0x65);
  }

  /** Items in batches, each between a mark and `close`. */
  #batches(items: readonly unknown[], size: number, close: number): Open {
    let at = 0;
    let end = 0;
    return {
      step: () => {
        for (;;) {
          if (at >= end) {
            if (end > 0) this.#out.op(close);
            if (end >= items.length) return false;
            end = Math.min(items.length, end + size);
            this.#out.op(0x28);
          }
          const next = this.#children(items, at, end);
          at = Math.min(next, end);
          // one was opened, and is written before this goes on
          if (next <= end) return true;
        }
      },
    };
  }

  #dict(of: object, entries: Iterable<readonly [unknown, unknown]>): Open {
    this.#out.op(0x7d);
    this.#keep(of);
    const flat: unknown[] = [];
    for (const [key, value] of entries) flat.push(key, value);
    return this.#batches(flat, 2 * batch, 0x75);
  }

  #set(set: ReadonlySet<unknown>): Open {
    const isFrozen = Object.isFrozen(set);
    if (this.#out.protocol < 4) {
      const name = new PythonName(this.#builtins, isFrozen ? "frozenset" : "set");
      return this.#call(set, new PythonCall(name, [[...set]]));
    }
    if (isFrozen) return this.#whole(set, [...set], 0x28, 0x91);
    this.#out.op(0x8f);
    this.#keep(set);
    return this.#batches([...set], batch, 0x90);
  }

  #tuple(of: object, items: readonly unknown[]): Open {
    if (items.length === 0) {
      this.#out.op(0x29);
      return { step: () => false };
    }
    return this.#whole(of, items, items.length > 3 ? 0x28 : undefined, [0x85, 0x86, 0x87][items.length - 1] ?? 0x74);
  }

  /** What exists only when its items do. It may hold itself by way of a list, and is then kept already when it is whole. */
  #whole(of: object, items: readonly unknown[], mark: number | undefined, close: number): Open {
    const times = this.#within.get(of) ?? 0;
    if (times > 1) throw new TypeError("a tuple that holds itself cannot be pickled");
    this.#within.set(of, times + 1);
    if (mark !== undefined) this.#out.op(mark);
    let at = 0;
    return {
      step: () => {
        const next = this.#children(items, at, items.length);
        at = Math.min(next, items.length);
        if (next <= items.length) return true;
        this.#within.set(of, times);
        if (this.#objects.has(of)) {
          if (mark !== undefined) this.#out.op(0x31);
          else for (const _ of items) this.#out.op(0x30);
          this.#recall(of);
        } else {
          this.#out.op(close);
          this.#keep(of);
        }
        return false;
      },
    };
  }

  #call(of: object, { callee, args, state }: PythonCall): Open {
    if (this.#within.has(of))
      throw new TypeError(`a ${callee.module}.${callee.name} that holds itself cannot be pickled`);
    this.#within.set(of, 1);
    this.#name(callee);
    const steps: (() => void)[] = [
      () => this.#enterAny(new PythonTuple(...args)),
      () => {
        this.#out.op(0x52);
        this.#keep(of);
        if (state !== undefined) this.#enterAny(state);
      },
      () => {
        if (state !== undefined) this.#out.op(0x62);
        this.#within.delete(of);
      },
    ];
    let at = 0;
    return {
      step: () => {
        steps[at++]?.();
        return at < steps.length;
      },
    };
  }

  #enterAny(value: unknown): void {
    if (!this.#leaf(value)) this.#enter(value as object);
  }
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
