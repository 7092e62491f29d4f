/**
 * Where the objects of a dataset lie, below its folder: `current.json`, `generations/<name>/{claim.json, manifest.jsonl, files/…}`,
 * `leases/<name>/<id>.json`.
 */
import { formatUri, joinUri, type Location, parseUri } from "../../uri/index.ts";

export interface DatasetLayout {
  readonly uri: string;
  readonly pointer: string;
  readonly generations: string;
  readonly leases: string;
  /** Everything of one generation. */
  folderOf(generation: string): string;
  filesOf(generation: string): string;
  manifestOf(generation: string): string;
  claimOf(generation: string): string;
  leasesOf(generation: string): string;
}

/** `uri` ends in `/`. */
export function datasetLayout(uri: string): DatasetLayout {
  const generations = joinUri(uri, "generations/");
  const leases = joinUri(uri, "leases/");
  const folderOf = (generation: string) => joinUri(generations, `${generation}/`);
  return {
    uri,
    pointer: joinUri(uri, "current.json"),
    generations,
    leases,
    folderOf,
    filesOf: (generation) => joinUri(folderOf(generation), "files/"),
    manifestOf: (generation) => joinUri(folderOf(generation), "manifest.jsonl"),
    claimOf: (generation) => joinUri(folderOf(generation), "claim.json"),
    leasesOf: (generation) => joinUri(leases, `${generation}/`),
  };
}

/** `g000012-9f3a61c0`: people see which came later, and no two publishers write into one folder. */
export function newGeneration(sequence: number): string {
  return `g${String(sequence).padStart(6, "0")}-${crypto.randomUUID().slice(0, 8)}`;
}

/** What could be such a name: never a path. */
export function isGeneration(name: string): boolean {
  return /^g\d{6,15}-[0-9a-f]{8}$/.test(name);
}

/** The address of an object by its path below a folder, whatever the path holds: a key is no path. */
export function uriBelow(folder: string, path: string): string {
  return formatUri(locationBelow(parseUri(folder), path));
}

function locationBelow(folder: Location, path: string): Location {
  if (folder.scheme === "s3" || folder.scheme === "memory") return { ...folder, key: folder.key + path };
  if (folder.scheme === "file") return { ...folder, path: folder.path + path };
  return { ...folder, url: folder.url + path };
}
