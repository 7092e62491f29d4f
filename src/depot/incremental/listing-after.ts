/** A listing that begins after a key, whoever asks for it. */
import type { ListOptions, ObjectStore } from "../../store/index.ts";
import { type Place, placeOver } from "../context.ts";

/** The same place, whose listings give nothing up to `key`; `""` for all. Only for listing. */
export function listedAfter(place: Place, key: string): Place {
  if (key === "") return place;
  return placeOver(place, { store: after(place.store, key), cached: place.cached && after(place.cached, key) });
}

function after<S extends ObjectStore>(store: S, key: string): S {
  const list = (options?: ListOptions) => store.list({ ...options, startAfter: key });
  return new Proxy(store, {
    get(target, name) {
      if (name === "list") return list;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
