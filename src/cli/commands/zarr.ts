/** `entrepot zarr`: arrays in chunks, without reading a chunk. */
import { type Command, defineGroup } from "../command.ts";
import { tree } from "./zarr/tree.ts";

export const zarr: Command = defineGroup({
  name: "zarr",
  summary: "what a Zarr hierarchy holds",
  actions: [tree],
  examples: [
    { line: "entrepot zarr tree s3://my-bucket/chrtout.zarr", says: "its groups and arrays" },
    { line: "entrepot zarr tree --json s3://my-bucket/chrtout.zarr", says: "for programs" },
  ],
});
