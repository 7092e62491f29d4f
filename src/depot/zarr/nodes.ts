/** Nodes from their documents, and the order in which a tree shows them. */
import { compareKeys } from "../../uri/index.ts";
import type { ZarrFolder } from "./keys.ts";
import { type Fields, malformed } from "./metadata.ts";
import type { ZarrArray, ZarrGroup, ZarrNode } from "./types.ts";
import { arrayOfVersion2 } from "./version-2.ts";
import { arrayOfVersion3 } from "./version-3.ts";

export function groupAt(folder: ZarrFolder, path: string): ZarrGroup {
  return { kind: "group", path, uri: nodeUri(folder, path) };
}

/** `array` is `.zarray`, `attributes` `.zattrs` where there is one. Error: malformed. */
export function arrayOf2(folder: ZarrFolder, path: string, array: Fields, attributes: Fields | undefined): ZarrArray {
  const uri = nodeUri(folder, path);
  return { kind: "array", path, uri, ...arrayOfVersion2(array, attributes, `${uri}.zarray`) };
}

/** `document` is `zarr.json`. Error: malformed. */
export function nodeOfVersion3(document: Fields, folder: ZarrFolder, path: string): ZarrNode {
  const uri = nodeUri(folder, path);
  const type = document["node_type"];
  if (type === "group") return groupAt(folder, path);
  if (type === "array") return { kind: "array", path, uri, ...arrayOfVersion3(document, `${uri}zarr.json`) };
  throw malformed(`${uri}zarr.json`, "its node_type is neither group nor array");
}

/** Nodes are folders. */
function nodeUri(folder: ZarrFolder, path: string): string {
  return path === "" ? folder.uri : folder.uriOf(`${path}/`);
}

/** Each group before what lies in it: by segments, so that `a/b` comes before `a-b`. */
export function inTreeOrder(nodes: readonly ZarrNode[]): readonly ZarrNode[] {
  const order = (path: string) => path.replaceAll("/", "\0");
  return [...nodes].sort((left, right) => compareKeys(order(left.path), order(right.path)));
}
