/** One document that tells of all nodes: `.zmetadata` of version 2, `consolidated_metadata` in the root's `zarr.json` of version 3. */
import type { ZarrFolder } from "./keys.ts";
import { type Fields, fieldsOf } from "./metadata.ts";
import { arrayOf2, groupAt, nodeOfVersion3 } from "./nodes.ts";
import type { ZarrNode } from "./types.ts";

/** Error: malformed. */
export function nodesOfVersion2(document: Fields, folder: ZarrFolder): readonly ZarrNode[] {
  const uri = folder.uriOf(".zmetadata");
  const all = fieldsOf(document["metadata"], uri, "what is consolidated");
  const nodes: ZarrNode[] = [];
  for (const [key, value] of Object.entries(all)) {
    const path = key.slice(0, Math.max(0, key.lastIndexOf("/")));
    const name = key.slice(key.lastIndexOf("/") + 1);
    if (name === ".zgroup") nodes.push(groupAt(folder, path));
    if (name !== ".zarray") continue;
    const attributes = all[path === "" ? ".zattrs" : `${path}/.zattrs`];
    const known = attributes === undefined ? undefined : fieldsOf(attributes, uri, `the attributes of ${path}`);
    nodes.push(arrayOf2(folder, path, fieldsOf(value, uri, key), known));
  }
  return nodes;
}

/** `undefined` where nothing is consolidated. Error: malformed. */
export function nodesOfVersion3(document: Fields, folder: ZarrFolder): readonly ZarrNode[] | undefined {
  const uri = folder.uriOf("zarr.json");
  const consolidated = document["consolidated_metadata"];
  if (consolidated == null) return undefined;
  const all = fieldsOf(fieldsOf(consolidated, uri, "what is consolidated")["metadata"], uri, "what is consolidated");
  const below = Object.entries(all).map(([path, value]) => nodeOfVersion3(fieldsOf(value, uri, path), folder, path));
  return [nodeOfVersion3(document, folder, ""), ...below];
}
