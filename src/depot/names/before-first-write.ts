/** A store that gets something ready before the first of its writes, and not before: a plan that is refused leaves nothing. */
import type { ObjectStore } from "../../store/index.ts";

const writes: ReadonlySet<string | symbol> = new Set(["write", "receive", "copyFrom"] satisfies (keyof ObjectStore)[]);

export function beforeFirstWrite(store: ObjectStore, ready: () => Promise<void>): ObjectStore {
  let done: Promise<void> | undefined;
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (!writes.has(name)) return value.bind(target);
      return async (...given: unknown[]) => {
        done ??= ready();
        await done;
        return value.apply(target, given);
      };
    },
  });
}
