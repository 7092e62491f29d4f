/** Counts what the planning of a transfer asks servers for: objects that are looked at, pages of listings. */
import type { ListOptions, ObjectStore, PlannedCosts } from "../store/index.ts";
import { type Place, placeOver } from "./context.ts";

export class Asked {
  #head = 0;
  #list = 0;

  /** So far. */
  costs(): PlannedCosts {
    return { head: this.#head, list: this.#list };
  }

  /** The same place, counted. Only for looking and listing: its stores are not those that others know it by. */
  counted(place: Place): Place {
    const { store, cached } = place;
    if (store.requestsOf === undefined) return place;
    return placeOver(place, { store: this.#watch(store), cached: cached && this.#watch(cached) });
  }

  #watch<S extends ObjectStore>(store: S): S {
    const stat: ObjectStore["stat"] = (key, options) => {
      this.#head += 1;
      return store.stat(key, options);
    };
    const onRequest = () => {
      this.#list += 1;
    };
    const list = (options?: ListOptions) => store.list({ ...options, onRequest });
    return new Proxy(store, {
      get(target, name) {
        if (name === "stat") return stat;
        if (name === "list") return list;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }
}
