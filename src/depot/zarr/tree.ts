/** The hierarchy from metadata alone: one document where it is consolidated, else a walk that never lists the chunks of an array. */
import { EntrepotError } from "../../error/index.ts";
import { checkDepth } from "../listing.ts";
import { nodesOfVersion2, nodesOfVersion3 } from "./consolidated.ts";
import { inTreeOrder, nodeOfVersion3 } from "./nodes.ts";
import { below, documentsOf, type ZarrReading } from "./reading.ts";
import type { ZarrNode, ZarrTree, ZarrTreeOptions } from "./types.ts";
import { type FindNode, readVersion2, walk } from "./walk.ts";

export async function treeOf(reading: ZarrReading, options: ZarrTreeOptions): Promise<ZarrTree> {
  checkDepth(options.depth);
  const { format, depth = Number.POSITIVE_INFINITY, maxEntries = 10_000 } = options;
  const { folder } = reading;
  const read = documentsOf(reading);
  const tree = (version: 2 | 3, consolidated: boolean, nodes: readonly ZarrNode[]): ZarrTree => {
    const shown = nodes.filter(({ path }) => path === "" || path.split("/").length <= depth);
    return { uri: folder.uri, format: version, consolidated, nodes: inTreeOrder(shown) };
  };
  const walked = async (version: 2 | 3, root: ZarrNode, find: FindNode) =>
    tree(version, false, await walk(reading, root, find, { depth, maxEntries }));

  if (format !== 3) {
    const all = await read(".zmetadata");
    if (all !== undefined) return tree(2, true, nodesOfVersion2(all, folder));
  }
  if (format !== 2) {
    const root = await read("zarr.json");
    const nodes = root && nodesOfVersion3(root, folder);
    if (nodes !== undefined) return tree(3, true, nodes);
    if (root !== undefined) {
      return walked(3, nodeOfVersion3(root, folder, ""), async (path) => {
        const document = await read(below(path, "zarr.json"));
        return document && nodeOfVersion3(document, folder, path);
      });
    }
  }
  if (format !== 3) {
    const find: FindNode = (path) => readVersion2(read, folder, path);
    const root = await find("");
    if (root !== undefined) return walked(2, root, find);
  }
  throw noZarr(folder.uri);
}

function noZarr(uri: string): EntrepotError {
  return new EntrepotError("not-found", `there is no Zarr hierarchy at ${uri}`, {
    uri,
    hint: "it has zarr.json, .zgroup or .zarray in it; list the folder to see what is there",
  });
}
