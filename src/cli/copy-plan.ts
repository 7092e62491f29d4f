/**
 * What `cp` and `mv` were asked for, as calls of the depot's verbs. A trailing `/` and `-r` decide, and a target that is
 * a folder of this machine already: what is copied goes into it, as every shell has it.
 */
import type { Depot, Sources } from "../depot/index.ts";
import type { IsBegun } from "./begun-copy.ts";
import type { IsLocalFolder } from "./local-folder.ts";
import { collectMatches, openMatches, sourcesOf } from "./matches.ts";
import { UsageError } from "./usage-error.ts";
import { isWholePlace } from "./whole-place.ts";

/** One call: objects into a folder, one object to a name, or a folder's contents into a folder. */
export interface CopyStep {
  readonly from: string | Sources;
  readonly to: string;
}

export interface CopyRequest {
  readonly sources: readonly string[];
  readonly target: string;
  readonly recursive: boolean;
  /** Sources are patterns. */
  readonly glob: boolean;
}

/** What a plan is made with. */
export interface CopyWorld {
  readonly depot: Pick<Depot, "exists" | "glob">;
  readonly isLocalFolder: IsLocalFolder;
  readonly isBegun: IsBegun;
}

/**
 * The steps for `sources` and `target`. A folder `dir` without `/` is copied as itself where the target says "into", else the
 * target becomes its copy. UsageError for a folder without `-r` and for several sources into one name.
 */
export async function planCopy(world: CopyWorld, request: CopyRequest): Promise<readonly CopyStep[]> {
  const { sources, target, glob } = request;
  if (sources.length > 1 || glob) {
    const to = await intoFolder(world, target, glob ? "patterns" : "several sources");
    return glob ? planMatches(world, request, to) : planNamed(world, request, to);
  }
  const to = await folderIfHere(world, target);
  return (await begunBefore(world, request, to)) ?? planNamed(world, request, to);
}

/** The target as a folder. UsageError for one that is none: it says what needs one. */
export async function intoFolder(world: CopyWorld, target: string, what: string): Promise<string> {
  const to = await folderIfHere(world, target);
  if (to.endsWith("/")) return to;
  const need = what.endsWith("s") ? "need" : "needs";
  throw new UsageError(`${what} ${need} a folder as target, and ${target} is none`, `write ${target}/`);
}

async function folderIfHere({ isLocalFolder }: CopyWorld, target: string): Promise<string> {
  const named = asFolderIfDots(target);
  // a bucket holds objects, whatever ends its name
  if (isWholePlace(named)) return named.endsWith("/") ? named : `${named}/`;
  return !named.endsWith("/") && (await isLocalFolder(named, "write")) ? `${named}/` : named;
}

/** A copy that was to become the target, which is there since it was begun. */
async function begunBefore(
  { isBegun }: CopyWorld,
  { sources, target, recursive }: CopyRequest,
  to: string,
): Promise<readonly CopyStep[] | undefined> {
  const source = asFolderIfDots(sources[0] ?? "");
  const isHereByNow = to !== asFolderIfDots(target) && !isWholePlace(target);
  if (!recursive || !isHereByNow || source.endsWith("/")) return undefined;
  const from = `${source}/`;
  return (await isBegun(from, to, `${to}${lastSegment(source)}/`)) ? [{ from, to }] : undefined;
}

async function planNamed(
  { depot, isLocalFolder }: CopyWorld,
  { sources, recursive }: CopyRequest,
  to: string,
): Promise<readonly CopyStep[]> {
  const into = to.endsWith("/");
  const objects: string[] = [];
  const folders: CopyStep[] = [];
  for (const given of sources) {
    const source = asFolderIfDots(given);
    const isFolder = source.endsWith("/");
    if (!recursive && (isFolder || (await isLocalFolder(source, "read"))))
      throw new UsageError(`${given} is a folder`, "add -r to take what lies in it");
    if (isFolder) folders.push({ from: source, to: into ? to : `${to}/` });
    else if (recursive && (await depot.exists(`${source}/`)))
      folders.push({ from: `${source}/`, to: into ? `${to}${lastSegment(source)}/` : `${to}/` });
    else objects.push(source);
  }
  const [only] = objects;
  if (only !== undefined && objects.length === 1) return [{ from: only, to }, ...folders];
  return objects.length === 0 ? folders : [{ from: objects, to }, ...folders];
}

/** Matches keep their path below the last folder without a wildcard, so that no two of one pattern become one. */
async function planMatches(
  { depot }: CopyWorld,
  { sources, recursive }: CopyRequest,
  to: string,
): Promise<readonly CopyStep[]> {
  if (!recursive) return [{ from: await openMatches(depot, sources, "object"), to }];
  const { objects, folders } = await collectMatches(depot, sources);
  const steps = folders.map(({ uri, path }) => ({ from: uri, to: `${to}${path}` }));
  return objects.length === 0 ? steps : [{ from: sourcesOf(objects), to }, ...steps];
}

/** `.` and `..` are folders of this machine, whatever ends them. */
function asFolderIfDots(address: string): string {
  if (address === "." || address === "..") return `${address}/`;
  return /^[^:]*\/\.\.?$/.test(address) ? `${address}/` : address;
}

function lastSegment(address: string): string {
  return address.slice(address.lastIndexOf("/") + 1);
}
