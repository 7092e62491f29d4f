import { expect, it } from "vitest";
import type { EntryOf } from "../depot/index.ts";
import { folderSums } from "./folder-sums.ts";

async function* entries(...paths: string[]): AsyncGenerator<EntryOf["any"]> {
  for (const path of paths) {
    const named = { uri: `s3://b/${path}`, path, name: path };
    if (path.endsWith("/")) yield { kind: "folder", ...named };
    else yield { kind: "object", ...named, sizeBytes: path.length, modifiedMs: 0, etag: "", versionId: undefined };
  }
}

it.each([
  [1, ["a/ 3 15", "b/ 1 3"]],
  [2, ["a/x/ 2 12", "a/ 3 15", "b/ 1 3"]],
  [9, ["a/x/y/ 1 7", "a/x/ 2 12", "a/ 3 15", "b/ 1 3"]],
])("sums of %i levels come when a folder ends, the deeper ones first", async (depth, expected) => {
  const total = { objects: 0, sizeBytes: 0 };
  const sums: string[] = [];
  const listing = entries("a/", "a/1", "a/x/", "a/x/1", "a/x/y/", "a/x/y/1", "b/", "b/1", "c");
  for await (const { path, objects, sizeBytes } of folderSums(listing, depth, total))
    sums.push(`${path} ${objects} ${sizeBytes}`);
  expect(sums).toEqual(expected);
  expect(total).toEqual({ objects: 5, sizeBytes: 19 });
});
