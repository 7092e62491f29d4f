import { expect, test } from "vitest";
import { type Compression, compressionsOfName, plainName, suffixOfCompression } from "./index.ts";

test.each<[string, Compression[], string]>([
  ["a.csv.gz", ["gzip"], "a.csv"],
  ["s3://b/dir.gz/A.CSV.GZ", ["gzip"], "s3://b/dir.gz/A.CSV"],
  ["a.bz2", ["bzip2"], "a"],
  ["a.json.xz", ["xz"], "a.json"],
  ["a.zst", ["zstd"], "a"],
  ["a.tar.gz.zst", ["zstd", "gzip"], "a.tar"],
  ["a.gz.gz", ["gzip", "gzip"], "a"],
  ["a.csv", [], "a.csv"],
  ["archive_gz", [], "archive_gz"],
  ["agz", [], "agz"],
  ["a.gz.csv", [], "a.gz.csv"],
  ["a.gz/", [], "a.gz/"],
  [".gz", [], ".gz"],
  ["dir/.gz", [], "dir/.gz"],
  ["dir/.gz.gz", ["gzip"], "dir/.gz"],
  ["a.tgz", [], "a.tgz"],
  ["", [], ""],
])("the name %s", (name, compressions, plain) => {
  expect(compressionsOfName(name)).toEqual(compressions);
  expect(plainName(name)).toBe(plain);
});

test("each compression has the suffix that names it", () => {
  for (const compression of ["gzip", "bzip2", "xz", "zstd"] as const)
    expect(compressionsOfName(`a${suffixOfCompression(compression)}`)).toEqual([compression]);
});
