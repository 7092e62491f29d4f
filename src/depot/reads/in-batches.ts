/** Which objects are asked for together: one page of a listing answers for up to a thousand of them. */
import { formatUri, parseUri } from "../../uri/index.ts";
import type { SeenAbsent, SeenObject } from "./seen-read.ts";

/** From so many in one folder on a listing may be cheaper than a question for each. */
export const fewest = 16;

type Single = SeenObject | SeenAbsent;

/** In no certain order. Only objects of buckets, and only where a listing can be asked for, come together. */
export function inBatches(reads: readonly Single[], mayList: boolean): readonly (readonly Single[])[] {
  const folders = new Map<string, Single[]>();
  const batches: Single[][] = [];
  for (const read of reads) {
    const folder = mayList ? folderOfRead(read) : undefined;
    if (folder === undefined) {
      batches.push([read]);
      continue;
    }
    const others = folders.get(folder);
    if (others === undefined) folders.set(folder, [read]);
    else others.push(read);
  }
  for (const together of folders.values())
    batches.push(...(together.length < fewest ? together.map((read) => [read]) : [together]));
  return batches;
}

function folderOfRead({ uri }: Single): string | undefined {
  if (!uri.startsWith("s3://")) return undefined;
  const location = parseUri(uri);
  if (location.scheme !== "s3" || location.versionId !== undefined) return undefined;
  return formatUri({ ...location, key: location.key.slice(0, location.key.lastIndexOf("/") + 1) });
}
