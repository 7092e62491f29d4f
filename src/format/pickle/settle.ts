/**
 * The last step: every draft is replaced by its data, wherever it lies, circles and shared values included. Goes through a value
 * without recursion, each list and dict once.
 */
import { PickledArray } from "./array.ts";
import { Draft, isDict } from "./draft.ts";
import { malformed, notSupported, PickleFault } from "./fault.ts";
import { type PickledColumn, PickledFrame, PickledLabels, PickledSeries } from "./frame.ts";
import { assertHashed } from "./hashed.ts";
import { tooDeep } from "./limits.ts";
import type { Machine } from "./machine.ts";
import { Global } from "./names.ts";
import { refusedObject } from "./refused-object.ts";

/** What the machine left, as data. Fault: unsupported for what is none. */
export function settle(machine: Machine, left: unknown): unknown {
  const { isUnsettled, instances, frozen, frozenLengths, hashed, hashable, budget } = machine;
  const settler = new Settler(machine.maps, machine.keepsOdd);
  let value = left;
  if (isUnsettled) {
    instances.sort((one, other) => one.filled - other.filled);
    for (const instance of instances) {
      const given = settler.whole([
        instance.args,
        instance.namedArgs,
        instance.state,
        instance.items,
        instance.entries,
      ]);
      [instance.args, instance.namedArgs, instance.state, instance.items, instance.entries] = given as [
        unknown[],
        Record<string, unknown>,
        unknown,
        unknown[],
        Map<unknown, unknown>,
      ];
      instance.read();
    }
    [value] = settler.whole([left]) as [unknown];
  }
  if (budget.containers > budget.maxDepth) assertDepth(value, budget.maxDepth);
  frozen.forEach((each, at) => {
    // what Python writes never grows a tuple
    if (Array.isArray(each) && each.length !== frozenLengths[at]) throw malformed("it appends to a tuple");
    Object.freeze(each);
  });
  if (hashed.length > 0) {
    for (const instance of instances) hashable.add(instance.finish());
    assertHashed(hashed, hashable);
  }
  return value;
}

class Settler {
  readonly #maps: ReadonlyMap<object, Map<unknown, unknown>>;
  /** What is no value by itself is a `RefusedObject`: it lies in what was refused. */
  readonly #keepsOdd: boolean;
  readonly #done: Map<Draft, unknown> = new Map();
  readonly #seen: Set<object> = new Set();
  /** Containers whose contents are not settled yet. */
  readonly #open: object[] = [];

  constructor(maps: ReadonlyMap<object, Map<unknown, unknown>>, keepsOdd: boolean) {
    this.#maps = maps;
    this.#keepsOdd = keepsOdd;
  }

  whole(values: unknown[]): unknown[] {
    this.#settleList(values);
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) this.#settleInside(next);
    return values;
  }

  /** What stands in the value's place; what that holds is settled later. */
  #settled(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Draft) return this.#finished(value);
    if (value instanceof Global) {
      if (this.#keepsOdd) return refusedObject(value.name);
      throw notSupported(`the class ${value.name} by itself`);
    }
    const final = this.#maps.get(value) ?? value;
    this.#visit(final);
    return final;
  }

  #finished(draft: Draft): unknown {
    if (this.#done.has(draft)) return this.#done.get(draft);
    const made = this.#made(draft);
    this.#done.set(draft, made);
    if (typeof made === "object" && made !== null) this.#visit(made);
    return made;
  }

  #made(draft: Draft): unknown {
    try {
      return draft.finish();
    } catch (error) {
      if (this.#keepsOdd && error instanceof PickleFault && error.code === "unsupported")
        return refusedObject(error.what);
      throw error;
    }
  }

  #visit(value: object): void {
    if (this.#seen.has(value) || !holdsOthers(value)) return;
    this.#seen.add(value);
    this.#open.push(value);
  }

  #settleInside(value: object): void {
    if (Array.isArray(value)) this.#settleList(value);
    else if (value instanceof Map) this.#settleMap(value);
    else if (value instanceof Set) this.#settleSet(value);
    else if (isDict(value)) for (const key of Object.keys(value)) value[key] = this.#settled(value[key]);
    else for (const list of listsOf(value)) this.#visit(list);
  }

  #settleList(list: unknown[]): void {
    for (let at = 0; at < list.length; at++) {
      const value = list[at];
      if (typeof value === "object" && value !== null) list[at] = this.#settled(value);
    }
  }

  /** A key that changes would come last: then all are set anew, in their order. */
  #settleMap(map: Map<unknown, unknown>): void {
    let isSame = true;
    const entries = [...map].map(([key, value]): [unknown, unknown] => {
      const settled = this.#settled(key);
      isSame &&= settled === key;
      return [settled, this.#settled(value)];
    });
    if (!isSame) map.clear();
    for (const [key, value] of entries) map.set(key, value);
  }

  #settleSet(set: Set<unknown>): void {
    const items = [...set].map((item) => this.#settled(item));
    set.clear();
    for (const item of items) set.add(item);
  }
}

/** Whether something else may lie in it. */
function holdsOthers(value: object): boolean {
  return (
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Set ||
    value instanceof PickledArray ||
    value instanceof PickledFrame ||
    value instanceof PickledSeries ||
    value instanceof PickledLabels ||
    isDict(value)
  );
}

/** The lists of any values in an array or frame; they are its own. */
function listsOf(value: object): unknown[][] {
  if (value instanceof PickledArray) return value.dtype === "object" ? [value.values as unknown[]] : [];
  const columns = value instanceof PickledSeries ? [value.column] : value instanceof PickledFrame ? value.columns : [];
  const { index } = value as PickledFrame | PickledSeries | PickledLabels;
  return [...columns, ...(index?.kind === "columns" ? index.columns : [])].flatMap(objectsOf);
}

function objectsOf(column: PickledColumn): unknown[][] {
  if (column.kind === "category") return objectsOf(column.categories);
  return column.kind === "object" ? [column.values as unknown[]] : [];
}

function childrenOf(value: object): Iterable<unknown> {
  if (Array.isArray(value) || value instanceof Set) return value;
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  return isDict(value) ? Object.values(value) : listsOf(value).flat();
}

/** Fault: limit-exceeded when values lie deeper in one another than that. A circle counts once. */
function assertDepth(root: unknown, maxDepth: number): void {
  /** How far it goes down below each. */
  const heights = new Map<object, number>();
  const path: { readonly value: object; readonly children: Iterator<unknown>; height: number }[] = [];
  const enter = (value: unknown): number => {
    if (typeof value !== "object" || value === null || !holdsOthers(value)) return 0;
    const known = heights.get(value);
    if (known !== undefined) return known;
    heights.set(value, 0);
    path.push({ value, children: childrenOf(value)[Symbol.iterator](), height: 1 });
    return 0;
  };
  enter(root);
  for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
    const { value, done } = last.children.next();
    if (done !== true) {
      last.height = Math.max(last.height, 1 + enter(value));
    } else {
      path.pop();
      heights.set(last.value, last.height);
      const above = path.at(-1);
      if (above !== undefined) above.height = Math.max(above.height, 1 + last.height);
    }
    if (last.height > maxDepth || path.length > maxDepth) throw tooDeep(maxDepth);
  }
}
