import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Address, joinUri, nameOfUri, parentUri, parseUri } from "./index.ts";

describe("joinUri", () => {
  test.each<[Address, string[], string]>([
    ["s3://b", ["k"], "s3://b/k"],
    ["s3://b/a", ["x", "y.csv"], "s3://b/a/x/y.csv"],
    ["s3://b/a/", ["x"], "s3://b/a/x"],
    ["s3://b/a//", ["x"], "s3://b/a//x"],
    ["s3://b/a", ["/x"], "s3://b/a//x"],
    ["s3://b/a", ["x/", "y"], "s3://b/a/x/y"],
    ["s3://b/a", [""], "s3://b/a/"],
    ["s3://b/a", ["./x", "%2e%2e"], "s3://b/a/./x/%2e%2e"],
    ["s3://b/a", ["x?versionId=1"], "s3://b/a/x?versionId=1?versionId="],
    ["s3a://b/a", ["x"], "s3://b/a/x"],
    ["s3://", ["b", "k"], "s3://b/k"],
    [{ bucket: "b", key: "a" }, ["x"], "s3://b/a/x"],
    ["file:///a%20b", ["c d?"], "file:///a%20b/c%20d%3F"],
    [new URL("file:///a"), ["b"], "file:///a/b"],
    ["memory:///", ["a//b"], "memory:///a//b"],
    ["https://h/p", ["a b"], "https://h/p/a%20b"],
    ["./out", ["a", "b"], "./out/a/b"],
    ["/", ["a"], "/a"],
    ["~", ["a"], "~/a"],
    ["out", ["a"], "out/a"],
    ["", ["a", "b"], "a/b"],
  ])("%j and %j", (folder, names, uri) => expect(joinUri(folder, ...names)).toBe(uri));

  test.each([
    ["s3://b/a", ".."],
    ["s3://b/a", "x/../y"],
    ["s3://b/a", "../x"],
    ["file:///a", "../x"],
    ["file:///a", "./x"],
    ["./a", ".."],
    ["out", "a/.."],
    ["", "/etc/passwd"],
    ["", "s3://b/k"],
    ["", "~/x"],
    ["", "C:\\x"],
  ])("a name that leaves its folder is refused: %j and %j", (folder, name) => {
    expect(() => joinUri(folder, name)).toThrow(expect.objectContaining({ code: "unsafe-key" }));
  });

  test("a version has nothing below it, and a name is text", () => {
    expect(() => joinUri("s3://b/k?versionId=1", "x")).toThrow(expect.objectContaining({ code: "invalid-address" }));
    expect(() => joinUri("s3://b/k", undefined as unknown as string)).toThrow(TypeError);
  });
});

test("parent and name take a joined address apart again", () => {
  const name = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((text) => !text.includes("/") && text !== "." && text !== "..");
  fc.assert(
    fc.property(
      fc.constantFrom("s3://b/", "s3://b/a//", "file:///a/", "memory:///", "https://h/a/"),
      name,
      (folder, text) => {
        const uri = joinUri(folder, text);
        expect(nameOfUri(uri)).toBe(text);
        expect(parentUri(uri)).toBe(folder);
      },
    ),
  );
});

describe("parentUri and nameOfUri", () => {
  test.each([
    ["s3://b/a/x.csv", "s3://b/a/", "x.csv"],
    ["s3://b/a/y/", "s3://b/a/", "y"],
    ["s3://b/a//b", "s3://b/a//", "b"],
    ["s3://b/a//", "s3://b/a/", ""],
    ["s3://b//x", "s3://b//", "x"],
    ["s3://b/x?versionId=1", "s3://b/", "x"],
    ["s3://b/x", "s3://b/", "x"],
    ["s3://b", "s3://", "b"],
    ["s3://", "s3://", ""],
    ["file:///a/b%20c", "file:///a/", "b c"],
    ["file:///a", "file:///", "a"],
    ["file:///", "file:///", ""],
    ["memory:///a", "memory:///", "a"],
    ["https://h/a/b%20c?x=1", "https://h/a/", "b c"],
    ["https://h", "https://h/", ""],
    ["a/b/c.csv", "a/b/", "c.csv"],
    ["a.csv", "", "a.csv"],
    ["", "", ""],
    ["./a", "./", "a"],
    ["/a", "/", "a"],
    ["/", "/", ""],
    ["~/a/", "~/", "a"],
    ["~", "~/../", "~"],
    [".", "../", "."],
    ["./", "../", "."],
    ["..", "../../", ".."],
    ["a\\b", "", "a\\b"],
    ["C:\\x", "./", "C:\\x"],
  ])("%j", (uri, parent, name) => {
    expect(parentUri(uri)).toBe(parent);
    expect(nameOfUri(uri)).toBe(name);
  });

  test("going up ends", () => {
    for (
      let uri = "s3://b/a/../x//y", steps = 0;
      parseUri(uri) && uri !== parentUri(uri);
      uri = parentUri(uri), steps += 1
    )
      expect(steps).toBeLessThan(10);
  });
});
