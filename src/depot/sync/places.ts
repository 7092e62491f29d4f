/** The two sides of a sync as folders. */
import { EntrepotError } from "../../error/index.ts";
import { openLocalStore } from "../../store/index.ts";
import type { Context, Place } from "../context.ts";
import { uriOfKey } from "../listing.ts";
import { beforeFirstWrite } from "../names/before-first-write.ts";
import type { CopyNames } from "../names/copy-names.ts";
import { watchedFiles } from "../reads/watched-store.ts";
import type { Side } from "./found.ts";

/** The folder of this name, with or without its `/`. Error: invalid-address for one version of one object. */
export function folderPlace(place: Place): Place {
  const { key, versionId } = place;
  if (versionId !== undefined) {
    const { uri } = place;
    throw new EntrepotError("invalid-address", `${uri} is one version of one object, no folder`, {
      uri,
      hint: "sync makes one folder like another; copy takes single objects",
    });
  }
  return at(place, key === "" || key.endsWith("/") ? key : `${key}/`);
}

export interface Containing {
  /** The list of names that is written before the first of the files. */
  readonly names?: Pick<CopyNames, "publish"> | undefined;
  /** Whether each file is flushed to the disk. Default: as the store does. */
  readonly durable?: boolean | undefined;
}

/** As what is changed: a folder of this disk as if no link led out of it. */
export function contained(context: Context, place: Place, { names, durable }: Containing = {}): Place {
  if (place.location.scheme !== "file") return place;
  const { disk } = context;
  const store = watchedFiles(
    openLocalStore({ disk, root: "/", uri: "file:///", containedIn: folderOf(place), durable }),
  );
  return {
    ...at(place, place.key),
    store: names === undefined ? store : beforeFirstWrite(store, () => names.publish()),
  };
}

/** The path on this disk. */
export function folderOf({ key }: Place): string {
  return `/${key}`.replace(/(.)\/+$/, "$1");
}

/** How its objects can be compared. */
export function sideOf({ location: { scheme }, store, key }: Place): Side {
  const kind = scheme === "file" || scheme === "memory" ? "at-hand" : "server";
  return { kind, keepsTimes: scheme === "file", store, key };
}

function at(place: Place, key: string): Place {
  const { location, store, bucket, cached } = place;
  return { location, store, bucket, cached, key, versionId: undefined, uri: uriOfKey(place, key) };
}
