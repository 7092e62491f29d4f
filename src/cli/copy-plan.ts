/**
 * What `cp` and `mv` were asked for, as calls of the depot's verbs. Where a source lies decides nothing: a trailing `/`
 * and `-r` do.
 */
import type { Depot } from "../depot/index.ts";
import { UsageError } from "./usage-error.ts";

/** One call: objects into a folder, one object to a name, or a folder's contents into a folder. */
export interface CopyStep {
  readonly from: string | readonly string[];
  readonly to: string;
}

/**
 * The steps for `sources` and `target`. A folder `dir` without `/` is copied as itself where the target says "into", else the
 * target becomes its copy. UsageError for a folder without `-r` and for several sources into one name.
 */
export async function planCopy(
  depot: Pick<Depot, "exists">,
  sources: readonly string[],
  target: string,
  recursive: boolean,
): Promise<readonly CopyStep[]> {
  const to = asFolderIfDots(target);
  const into = to.endsWith("/");
  if (sources.length > 1 && !into)
    throw new UsageError(`several sources need a folder as target, and ${target} is none`, `write ${target}/`);
  const objects: string[] = [];
  const folders: CopyStep[] = [];
  for (const given of sources) {
    const source = asFolderIfDots(given);
    if (source.endsWith("/")) {
      if (!recursive) throw new UsageError(`${given} is a folder`, "add -r to copy what lies in it");
      folders.push({ from: source, to: into ? to : `${to}/` });
    } else if (recursive && (await depot.exists(`${source}/`))) {
      folders.push({ from: `${source}/`, to: into ? `${to}${lastSegment(source)}/` : `${to}/` });
    } else objects.push(source);
  }
  const [only] = objects;
  if (only !== undefined && objects.length === 1) return [{ from: only, to }, ...folders];
  return objects.length === 0 ? folders : [{ from: objects, to }, ...folders];
}

/** `.` and `..` are folders of this machine, whatever ends them. */
function asFolderIfDots(address: string): string {
  if (address === "." || address === "..") return `${address}/`;
  return /^[^:]*\/\.\.?$/.test(address) ? `${address}/` : address;
}

function lastSegment(address: string): string {
  return address.slice(address.lastIndexOf("/") + 1);
}
