/** Names in the cache folder. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dataName, entryId, pinName, rangeName, readName, recordName, suffixOf } from "./layout.ts";

const identity = ["s3", "https://host", "bucket", "signed"];

test("different objects, versions and identities have different names, and no key leaves a trace in them", () => {
  const ids = [
    entryId(identity, "s3://b/", "a"),
    entryId(identity, "s3://b/", "a", "v1"),
    entryId(identity, "s3://b/", "a?versionId=v1"),
    entryId(identity, "s3://b/", "../a"),
    entryId(identity, "s3://b/", "\uD800"),
    entryId(identity, "s3://b/", "\uFFFD"),
    entryId([...identity, "a"], "s3://b/", ""),
    entryId(["s3", "https://host", "bucket"], "s3://b/", "signed"),
  ];
  expect(new Set(ids.map(({ hash }) => hash)).size).toBe(ids.length);
  for (const { hash } of ids) expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

test("a version never changes, except the one that S3 calls null", () => {
  expect(entryId(identity, "s3://b/", "a", "v1")).toMatchObject({ immutable: true, uri: "s3://b/a?versionId=v1" });
  expect(entryId(identity, "s3://b/", "a", "null").immutable).toBe(false);
  expect(entryId(identity, "s3://b/", "a").immutable).toBe(false);
});

describe("suffixes", () => {
  test.each([
    ["a.csv", ".csv"],
    ["a.CSV", ".CSV"],
    ["dir.x/a", ""],
    ["a.tar.gz", ".tar.gz"],
    ["a.csv.zst", ".csv.zst"],
    ["a.gz", ".gz"],
    ["v1.2.parquet", ".parquet"],
    [".hidden", ""],
    [".hidden.csv", ".csv"],
    ["a.", ""],
    ["a.c sv", ""],
    ["a.ümlaut", ""],
    ["a.csv/", ""],
    ["a./../../b", ""],
    [`a.${"x".repeat(17)}`, ""],
    ["", ""],
  ])("of %s is %j", (key, suffix) => expect(suffixOf(key)).toBe(suffix));
});

test("every name that is given is read back as what it is, and nothing else is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (key, etag) => {
      const { hash } = entryId(identity, "s3://b/", key);
      expect(readName(recordName(hash))).toEqual({ entry: hash, kind: "record" });
      expect(readName(dataName(hash, etag, key))).toEqual({ entry: hash, kind: "data" });
      expect(readName(rangeName(hash, etag, 3, 12))).toEqual({ entry: hash, kind: "range" });
      expect(readName(pinName(hash, "0123456789abcdef"))).toEqual({ entry: hash, kind: "pin" });
      expect(dataName(hash, etag, key)).not.toMatch(/[/\\\0]/);
    }),
  );
  const entry = "a".repeat(64);
  for (const name of [
    "",
    "a.json",
    `${entry}`,
    `${entry}.txt`,
    `../${entry}.json`,
    `${entry}-0123.csv`,
    `${entry}.json.x`,
    `${entry}+0123456789abcdef.3`,
    `${entry}@0123`,
  ]) {
    expect(readName(name)).toBeUndefined();
  }
});
