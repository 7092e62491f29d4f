/**
 * Objects as transfers take them: beside the cache, or a large copy would fill this disk twice.
 */
import type { ObjectStore } from "../store/index.ts";
import type { ObjectPlace } from "../transfer/index.ts";
import type { Place } from "./context.ts";
import { uriOfKey } from "./listing.ts";

/** The object of this key in the place's store. Error: invalid-address for a name that no address of the store can hold. */
export function objectPlace(place: Place, key: string): ObjectPlace {
  const uri = key === place.key ? place.uri : uriOfKey(place, key);
  const versionId = key === place.key ? place.versionId : undefined;
  return { store: besideCache(place), origin: place.store, key, uri, versionId };
}

/** One view per cached store, however many objects go through it. */
const views = new WeakMap<ObjectStore, ObjectStore>();

/** A local copy that is there is used, also offline, and one that a copy makes untrue is dropped; none is made. */
function besideCache({ cached, store }: Place): ObjectStore {
  if (cached === undefined) return store;
  let view = views.get(cached);
  if (view === undefined) {
    view = {
      ...cached,
      read: async (key, sink, options) => {
        const kept = (await cached.pathOf(key, options?.versionId)) !== undefined;
        return kept ? cached.read(key, sink, options) : store.read(key, sink, options);
      },
      write: (key, body, options) => cached.write(key, body, { ...options, cache: "bypass" }),
    };
    views.set(cached, view);
  }
  return view;
}
