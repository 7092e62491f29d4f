/** `entrepot zarr tree`: groups and arrays with their shapes, chunks, types, codecs and sizes, from metadata alone. */
import type { ZarrArray, ZarrNode, ZarrTree } from "../../../depot/index.ts";
import { type Call, type Command, defineCommand, forEachOperand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount, formatSize } from "../../measure.ts";
import type { Message } from "../../message.ts";
import { choice, count } from "../../option.ts";

export const tree: Command = defineCommand({
  name: "zarr tree",
  summary: "groups and arrays with shapes, chunks, types, codecs and sizes",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    depth: count("N", "levels below the root (default all)", undefined, 1),
    format: choice(["2", "3"], "look for this version of Zarr only"),
    "max-entries": count("N", "names listed at most without consolidated metadata (default 10000)", undefined, 1),
  },
  notes: [
    "No chunk is read or listed. One request where the metadata is consolidated (.zmetadata, or zarr.json of version 3; --format 3 does not look for the first), else a listing for each group and up to three requests for each node.",
    "Sizes are those of the elements, not compressed; a chunk of nothing but fill values may not be there.",
    "With --json an object of type zarr for the hierarchy, then one of type zarr-node for each node, with path, uri, kind and, of arrays, shape, chunkShape, shardShape, dataType, codecs, dimensionNames, sizeBytes, chunks, shards.",
  ],
  examples: [
    { line: "entrepot zarr tree s3://my-bucket/chrtout.zarr", says: "all of it" },
    { line: "entrepot zarr tree --depth 1 --json s3://my-bucket/chrtout.zarr", says: "one level, for programs" },
  ],
  async run(call, { depth, format, "max-entries": maxEntries }, operands) {
    const depot = await call.depot();
    const version = format === undefined ? undefined : format === "2" ? 2 : 3;
    await forEachOperand(call, operands, async (operand) => {
      const found = await depot.zarr(operand).tree({ depth, format: version, maxEntries });
      await call.output.tell(rootMessage(found, call));
      const lines = branches(found.nodes);
      for (const [at, node] of found.nodes.entries()) await call.output.tell(nodeMessage(node, lines[at] ?? ""));
      if (!call.output.json && !call.output.quiet) {
        await call.output.flush();
        call.output.say({ text: () => sumText(found), json: () => undefined });
      }
    });
  },
});

function rootMessage({ uri, format, consolidated, nodes }: ZarrTree, { output }: Call): Message {
  const [root] = nodes;
  const what = root?.kind === "array" ? `  ${arrayText(root)}` : "";
  return {
    text: () => `${printable(output.show(uri))}  Zarr ${format}${consolidated ? ", consolidated" : ""}${what}`,
    json: () => ({ type: "zarr", uri, format, consolidated, nodes: nodes.length }),
  };
}

/** The root has its line already. */
function nodeMessage(node: ZarrNode, lines: string): Message {
  const name = printable(node.path.slice(node.path.lastIndexOf("/") + 1));
  return {
    text: () =>
      node.path === "" ? undefined : `${lines}${name}${node.kind === "group" ? "/" : `  ${arrayText(node)}`}`,
    json: () => nodeJson(node),
  };
}

function nodeJson(node: ZarrNode) {
  const { kind, path, uri } = node;
  if (kind === "group") return { type: "zarr-node", kind, path, uri };
  const { shape, chunkShape, shardShape, dataType, codecs, dimensionNames, sizeBytes, chunks, shards } = node;
  return {
    ...{ type: "zarr-node", kind, path, uri, shape, chunkShape, shardShape: shardShape ?? null, dataType, codecs },
    ...{ dimensionNames: dimensionNames ?? null, sizeBytes: sizeBytes ?? null, chunks, shards: shards ?? null },
  };
}

function arrayText(array: ZarrArray): string {
  const { shape, dimensionNames, dataType, chunkShape, shardShape, codecs, chunks, shards, sizeBytes } = array;
  const axes = shape.map((length, axis) => {
    const name = dimensionNames?.[axis];
    return name == null ? String(length) : `${printable(name)} ${length}`;
  });
  const stored =
    shards === undefined
      ? formatCount(chunks, "chunk")
      : `${formatCount(chunks, "chunk")} in ${formatCount(shards, "shard")}`;
  return [
    printable(dataType),
    `(${axes.join(", ")})`,
    `chunks (${chunkShape.join(", ")})`,
    ...(shardShape === undefined ? [] : [`shards (${shardShape.join(", ")})`]),
    `${stored}, ${sizeBytes === undefined ? "size not fixed" : formatSize(sizeBytes)}`,
    ...(codecs.length === 0 ? [] : [printable(codecs.join(" "))]),
  ].join("  ");
}

/** What stands before each node's name, as `tree` draws it: from the end, since what follows decides. */
function branches(nodes: readonly ZarrNode[]): readonly string[] {
  const follows: boolean[] = [];
  return nodes
    .map(({ path }) => path.split("/").length - 1)
    .reverse()
    .map((level) => {
      const above = Array.from({ length: level }, (_, at) => (follows[at] === true ? "│   " : "    ")).join("");
      const own = follows[level] === true ? "├── " : "└── ";
      follows.length = level;
      follows[level] = true;
      return above + own;
    })
    .reverse();
}

function sumText({ nodes }: ZarrTree): string {
  const arrays = nodes.filter((node) => node.kind === "array");
  const sizeBytes = arrays.reduce((sum, array) => sum + (array.sizeBytes ?? 0), 0);
  const open = arrays.some((array) => array.sizeBytes === undefined) ? " and what has no fixed size" : "";
  const groups = formatCount(nodes.length - arrays.length, "group");
  return `${groups}, ${formatCount(arrays.length, "array")}, ${formatSize(sizeBytes)}${open} (not compressed)`;
}
