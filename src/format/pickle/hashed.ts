/**
 * What Python cannot have in a dict or set: keys that may change, and two keys that it takes for one. JavaScript would have them, as other
 * values than Python's.
 */
import { isDict } from "./draft.ts";
import { malformed, notSupported } from "./fault.ts";

/**
 * To be called when tuples and frozensets are frozen. `hashable`: what became a list or dict of something that Python has as a key. Fault:
 * malformed, for what no Python writes.
 */
export function assertHashed(
  holders: Iterable<Map<unknown, unknown> | Set<unknown>>,
  hashable: Iterable<unknown>,
): void {
  const seen = new Set<unknown>(hashable);
  for (const holder of holders) {
    for (const key of holder.keys()) {
      if (typeof key === "object" && key !== null) assertKey(key, seen);
      else if (hasTwin(key, holder)) throw malformed(`it has ${String(key)} twice where Python has one`);
    }
  }
}

/** Goes into tuples and frozensets without recursion. */
function assertKey(key: object, seen: Set<unknown>): void {
  const open = [key];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (isDict(next) || next instanceof Map) throw malformed("a dict is a key, or lies in a set");
    if (!(Array.isArray(next) || next instanceof Set)) continue;
    if (!Object.isFrozen(next)) throw malformed(`a ${Array.isArray(next) ? "list" : "set"} is a key, or lies in a set`);
    for (const item of next) if (typeof item === "object" && item !== null) open.push(item);
  }
}

/** Python takes True for 1, and a float for the int of its value. */
function hasTwin(key: unknown, holder: { has(key: unknown): boolean }): boolean {
  if (typeof key === "boolean") return holder.has(key ? 1 : 0);
  return typeof key === "bigint" && BigInt(Number(key)) === key && holder.has(Number(key));
}

/** NaN is unlike itself: Python has as many of them as there are, JavaScript one. Fault: unsupported. */
export function assertNoSecondNaN(key: unknown, holder: { has(key: unknown): boolean }): void {
  if (Number.isNaN(key) && holder.has(key)) throw notSupported("a dict or set with NaN in it twice");
}
