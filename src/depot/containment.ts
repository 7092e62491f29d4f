/** Folders of this disk that are written to as if no link led out of them. */
import { openLocalStore } from "../store/index.ts";
import type { Context, Place } from "./context.ts";

/** The same place, whose store refuses to write through links that lead out of its folder (unsafe-key). */
export function containedPlace({ disk }: Context, target: Place): Place {
  if (target.location.scheme !== "file") return target;
  const containedIn = `/${target.key}`.replace(/(.)\/+$/, "$1");
  const store = openLocalStore({ disk, root: "/", uri: "file:///", containedIn });
  const { location, uri, key } = target;
  return { location, uri, key, store, cached: undefined, bucket: undefined, versionId: undefined };
}
