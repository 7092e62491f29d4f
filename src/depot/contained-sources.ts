/**
 * What a removal or a move takes away on this disk lies really in the folder that was named: behind a link that leads out of it,
 * nothing is touched. Who means such a folder names it by itself.
 */
import { type ObjectStore, openLocalStore } from "../store/index.ts";
import { type Context, type Place, placeOver } from "./context.ts";
import { watchedFiles } from "./reads/watched-store.ts";

/** The places of one call: what was looked at once is remembered. */
export class ContainedSources {
  readonly #context: Context;
  readonly #stores = new Map<string, ObjectStore>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** The place as if no link led out of this folder (`""` or ending in `/`); only those of this disk have links. */
  in(place: Place, folder: string): Place {
    if (place.location.scheme !== "file" || place.cached !== undefined) return place;
    let store = this.#stores.get(folder);
    if (store === undefined) {
      const { disk } = this.#context;
      const path = `/${folder}`.replace(/(.)\/+$/, "$1");
      store = watchedFiles(openLocalStore({ disk, root: "/", uri: "file:///", containedIn: path }));
      this.#stores.set(folder, store);
    }
    return placeOver(place, { store, cached: undefined });
  }
}

/** The folder of which a key has this path: `""`, or ending in `/`. */
export function folderOfPath(key: string, path: string): string {
  return key.endsWith(path) ? key.slice(0, key.length - path.length) : key.slice(0, key.lastIndexOf("/") + 1);
}
