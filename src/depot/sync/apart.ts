/** Source and target of a sync must be two trees, links included: a target inside its source is left out of it, any other overlap is refused. */
import { basename, dirname } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Place } from "../context.ts";
import { folderOf } from "./places.ts";

/**
 * The path of the target below the source, ending in `/`; `undefined` where it does not lie there. Error: invalid-address for a
 * source that is the target or lies in it. Both places are folders, their keys `""` or ending in `/`.
 */
export async function targetWithin(
  disk: Pick<Disk, "realPath">,
  source: Place,
  target: Place,
): Promise<string | undefined> {
  const [from, to] = await Promise.all([identityOf(disk, source), identityOf(disk, target)]);
  if (from === to) {
    throw new EntrepotError("invalid-address", `${source.uri} is both source and target`, {
      uri: source.uri,
      hint: "name another target; nothing was changed",
    });
  }
  if (from.startsWith(to)) {
    throw new EntrepotError("invalid-address", `${source.uri} lies in the target ${target.uri}`, {
      uri: source.uri,
      hint: "sync between folders of which neither holds the other; nothing was changed",
    });
  }
  return to.startsWith(from) ? to.slice(from.length) : undefined;
}

async function identityOf(disk: Pick<Disk, "realPath">, place: Place): Promise<string> {
  if (place.location.scheme !== "file") return place.store.uri + place.key;
  const real = await realPath(disk, folderOf(place));
  return real.endsWith("/") ? real : `${real}/`;
}

/** Where a folder lies that need not be there yet. */
async function realPath(disk: Pick<Disk, "realPath">, path: string): Promise<string> {
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      const real = await disk.realPath(at);
      return [real === "/" ? "" : real, ...missing].join("/") || "/";
    } catch (error) {
      if (!isEntrepotError(error, "not-found") || at === "/") throw error;
      missing.unshift(basename(at));
    }
  }
}
