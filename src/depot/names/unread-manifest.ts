/** A folder whose names stand for other keys, about to be copied as if they were the keys themselves. */
import type { Disk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { isManifestFile, manifestName } from "./manifest.ts";

/** Error: misconfigured for a list of names at `path` (absolute, of this disk), which says that its folder's names are no keys. */
export async function assertNoManifest(disk: Disk, path: string, uri: string): Promise<void> {
  if (!path.endsWith(`/${manifestName}`) || !(await isManifestFile(disk, path))) return;
  throw new EntrepotError("misconfigured", `${uri} says that names in its folder stand for other keys`, {
    uri,
    hint: `names: "map" (--names map) brings the keys back; or leave the list out with exclude: "${manifestName}"; nothing was changed`,
  });
}
