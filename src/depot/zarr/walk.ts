/** A hierarchy whose metadata is not consolidated, a level at a time: each group is listed to its next `/`, an array never. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { ZarrFolder } from "./keys.ts";
import { arrayOf2, groupAt } from "./nodes.ts";
import { below, type ReadDocument, type ZarrReading } from "./reading.ts";
import type { ZarrNode } from "./types.ts";

/** The node at a path; `undefined` where a folder is none. */
export type FindNode = (path: string) => Promise<ZarrNode | undefined>;

/** Errors: limit-exceeded, unsupported where nothing can be listed. */
export async function walk(
  reading: ZarrReading,
  root: ZarrNode,
  find: FindNode,
  { depth, maxEntries }: { readonly depth: number; readonly maxEntries: number },
): Promise<readonly ZarrNode[]> {
  const nodes: ZarrNode[] = [root];
  let entries = 0;
  const count = (more: number) => {
    entries += more;
    if (entries > maxEntries) throw tooMany(reading.folder.uri, maxEntries);
  };
  let level = nodes.filter(({ kind }) => kind === "group");
  for (let at = 1; at <= depth && level.length > 0; at++) {
    const names = await Promise.all(level.map(({ path }) => foldersOf(reading, path, count)));
    const found = await Promise.all(names.flat().map(find));
    const next = found.filter((node) => node !== undefined);
    nodes.push(...next);
    level = next.filter(({ kind }) => kind === "group");
  }
  return nodes;
}

/** Arrays outnumber groups, so `.zarray` is asked for first. */
export async function readVersion2(
  read: ReadDocument,
  folder: ZarrFolder,
  path: string,
): Promise<ZarrNode | undefined> {
  const array = await read(below(path, ".zarray"));
  if (array !== undefined) return arrayOf2(folder, path, array, await read(below(path, ".zattrs")));
  return (await read(below(path, ".zgroup"))) === undefined ? undefined : groupAt(folder, path);
}

async function foldersOf(
  { folder, signal }: ZarrReading,
  path: string,
  count: (more: number) => void,
): Promise<readonly string[]> {
  const { store, cached } = folder.place;
  const prefix = folder.keyOf(path === "" ? "" : `${path}/`);
  const found: string[] = [];
  try {
    for await (const { objects, folders } of (cached ?? store).list({ prefix, rollUp: true, signal })) {
      count(objects.length + folders.length);
      for (const key of folders) found.push(below(path, key.slice(prefix.length, -1)));
    }
  } catch (error) {
    throw isEntrepotError(error, "unsupported") ? notListed(folder.uri, error) : error;
  }
  return found;
}

function tooMany(uri: string, maxEntries: number): EntrepotError {
  return new EntrepotError("limit-exceeded", `${uri} has more than ${maxEntries} names in its groups`, {
    uri,
    hint: "Limit the depth, allow more with maxEntries (--max-entries), or have its metadata consolidated by who writes it.",
  });
}

function notListed(uri: string, cause: EntrepotError): EntrepotError {
  return new EntrepotError("unsupported", `${uri} cannot be listed, and its metadata is not consolidated`, {
    uri,
    cause,
    hint: "Consolidate it (zarr.consolidate_metadata in Python), or read it from where it can be listed.",
  });
}
