/** A storage of which some methods are others. */
import type { Storage } from "./storage.ts";

/** `changes` come first; everything else is the storage's own. */
export function withMethods(storage: Storage, changes: Partial<Storage>): Storage {
  return new Proxy(storage, {
    get(target, name) {
      const changed: unknown = Reflect.get(changes, name);
      if (changed !== undefined) return changed;
      const own: unknown = Reflect.get(target, name, target);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}
