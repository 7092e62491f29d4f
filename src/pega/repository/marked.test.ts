import { describe, expect, test } from "vitest";
import { marked, markedKey, markerPrefix } from "./marked.ts";
import type { RepositoryEntry } from "./place.ts";

const entry = (key: string): RepositoryEntry => ({ key, sizeBytes: 1, etag: '"e"' });
const uriOf = (key: string) => `s3://b/${key}`;

describe("markers", () => {
  test.each([
    ["path/to/.files_001.json.meta", "path/to/files_001.json"],
    [".a.meta", "a"],
    ["x/..a.meta", "x/.a"],
    ["x/.a.meta.meta", "x/a.meta"],
    ["x/a.meta", undefined],
    ["x/.meta", undefined],
    ["x/..meta", undefined],
    [".x.meta/a", undefined],
  ])("%s marks %s", (key, file) => expect(markedKey(key)).toBe(file));

  test.each([
    ["path/to/files", "path/to/.files"],
    ["files", ".files"],
    ["path/", undefined],
    ["", undefined],
  ])("of what begins with %s begin with %s", (prefix, begins) => expect(markerPrefix(prefix)).toBe(begins));

  test("decide which files are whole, whichever comes first", () => {
    const there = ["d/.a.meta", "d/.gone.meta", "d/a", "d/b", "e/.z.meta", "e/z"].map(entry);
    const { files, incomplete, unmarked } = marked(there, true, uriOf);
    expect(files.map(({ key }) => key)).toEqual(["d/a", "e/z"]);
    expect(incomplete).toEqual([
      { uri: "s3://b/d/.gone.meta", path: "d/.gone.meta", reason: "marks gone, which is not there" },
    ]);
    expect(unmarked).toEqual([{ uri: "s3://b/d/b", path: "d/b", reason: "has no marker .b.meta" }]);
    expect(marked(there, false, uriOf).files.map(({ key }) => key)).toEqual(["d/a", "d/b", "e/z"]);
  });
});
