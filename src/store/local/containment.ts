/**
 * Keeps writes below a folder, links included: a link to another folder that lies in the way is not followed. What was
 * looked at once is remembered, so one of these serves one job.
 */
import { dirname } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";

/** Checks that a file of this path would really lie below the root. Error: unsafe-key. */
export type Containment = (path: string) => Promise<void>;

/** `root` itself may be reached through links: whoever named it meant it. */
export function containedIn(disk: Disk, root: string): Containment {
  const looked = new Map<string, Promise<string | undefined>>();
  const real = (folder: string): Promise<string | undefined> => {
    let answer = looked.get(folder);
    if (answer === undefined) {
      answer = realFolder(disk, folder);
      looked.set(folder, answer);
    }
    return answer;
  };
  return async (path) => {
    const base = await real(root);
    // below a root that is not there yet, there are no links
    if (base === undefined) return;
    const folder = await nearest(dirname(path), root, real);
    if (folder === base || folder.startsWith(base === "/" ? base : `${base}/`)) return;
    throw new EntrepotError("unsafe-key", `${path} lies behind a link that leads out of ${root}`, {
      hint: `name ${folder} by itself if that is meant`,
    });
  };
}

async function nearest(
  folder: string,
  root: string,
  real: (folder: string) => Promise<string | undefined>,
): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await real(at);
    if (found !== undefined) return found;
    if (at === root || dirname(at) === at) return root;
  }
}

async function realFolder(disk: Disk, folder: string): Promise<string | undefined> {
  return (await disk.stat(folder, { followLinks: true })) === undefined ? undefined : disk.realPath(folder);
}
