import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Address, type AddressContext, formatUri, parseUri, resolveAddress } from "./index.ts";

const here = { workingFolder: "/cwd/here", homeFolder: "/homes/me" };
const inCloud: AddressContext = { ...here, root: parseUri("s3://model/v2") };
const onDisk: AddressContext = { ...here, root: parseUri("file:///data/") };
const inMemory: AddressContext = { ...here, root: parseUri("memory:///run/") };
const noRoot: AddressContext = { ...here, root: undefined };
const text = (address: Address, context: AddressContext) => formatUri(resolveAddress(address, context));

describe("a local path begins at the working folder whatever the root", () => {
  test.each([
    ["./x", "file:///cwd/here/x"],
    ["../x", "file:///cwd/x"],
    [".", "file:///cwd/here/"],
    ["..", "file:///cwd/"],
    ["./a//b/../c/", "file:///cwd/here/a/c/"],
    ["../../../../etc", "file:///etc"],
    ["/x", "file:///x"],
    ["//srv/share", "file:///srv/share"],
    ["/", "file:///"],
    ["~", "file:///homes/me"],
    ["~/x y", "file:///homes/me/x%20y"],
    ["C:\\x", "file:///cwd/here/C:%5Cx"],
    ["c:/x", "file:///cwd/here/c:/x"],
    ["\\\\srv\\share", "file:///cwd/here/%5C%5Csrv%5Cshare"],
  ])("%s", (path, uri) => {
    for (const context of [inCloud, onDisk, noRoot]) expect(text(path, context)).toBe(uri);
  });

  test("a home that nobody knows is a setting that is missing", () => {
    expect(() => resolveAddress("~/x", { ...noRoot, homeFolder: undefined })).toThrow(
      expect.objectContaining({ code: "misconfigured" }),
    );
  });
});

describe("a bare name lies under the root in force", () => {
  test.each([
    ["a.csv", "s3://model/v2/a.csv", "file:///data/a.csv", "file:///cwd/here/a.csv", "memory:///run/a.csv"],
    ["a//b", "s3://model/v2/a//b", "file:///data/a//b", "file:///cwd/here/a//b", "memory:///run/a//b"],
    ["a/../b", "s3://model/v2/a/../b", "file:///data/b", "file:///cwd/here/b", "memory:///run/a/../b"],
    ["a/./b/", "s3://model/v2/a/./b/", "file:///data/a/b/", "file:///cwd/here/a/b/", "memory:///run/a/./b/"],
    [
      "x?versionId=1",
      "s3://model/v2/x?versionId=1?versionId=",
      "file:///data/x%3FversionId=1",
      "file:///cwd/here/x%3FversionId=1",
      "memory:///run/x?versionId=1",
    ],
    [".hidden", "s3://model/v2/.hidden", "file:///data/.hidden", "file:///cwd/here/.hidden", "memory:///run/.hidden"],
    ["...", "s3://model/v2/...", "file:///data/...", "file:///cwd/here/...", "memory:///run/..."],
    ["~user", "s3://model/v2/~user", "file:///data/~user", "file:///cwd/here/~user", "memory:///run/~user"],
    ["..\\x", "s3://model/v2/..\\x", "file:///data/..%5Cx", "file:///cwd/here/..%5Cx", "memory:///run/..\\x"],
    [
      "12:30.csv",
      "s3://model/v2/12:30.csv",
      "file:///data/12:30.csv",
      "file:///cwd/here/12:30.csv",
      "memory:///run/12:30.csv",
    ],
    ["a:b", "s3://model/v2/a:b", "file:///data/a:b", "file:///cwd/here/a:b", "memory:///run/a:b"],
    [
      "a%2e%2e/b",
      "s3://model/v2/a%2e%2e/b",
      "file:///data/a%252e%252e/b",
      "file:///cwd/here/a%252e%252e/b",
      "memory:///run/a%2e%2e/b",
    ],
    ["", "s3://model/v2/", "file:///data/", "file:///cwd/here/", "memory:///run/"],
  ])("%j", (name, cloud, disk, nowhere, memory) => {
    expect(text(name, inCloud)).toBe(cloud);
    expect(text(name, onDisk)).toBe(disk);
    expect(text(name, noRoot)).toBe(nowhere);
    expect(text(name, inMemory)).toBe(memory);
  });

  test.each(["a/../../b", "a/..//../b", "a/../..", "x/../../../etc/passwd"])("%s would leave every root", (name) => {
    for (const context of [inCloud, onDisk, inMemory, noRoot])
      expect(() => resolveAddress(name, context)).toThrow(
        expect.objectContaining({ code: "unsafe-key", hint: expect.any(String) }),
      );
  });

  test("no bare name lands outside its root", () => {
    const name = fc
      .array(fc.constantFrom("a", "..", ".", "", "b.csv", "\\", "~"), { maxLength: 8 })
      .map((parts) => `x/${parts.join("/")}`);
    fc.assert(
      fc.property(name, (bare) => {
        for (const [context, root] of [
          [onDisk, "file:///data/"],
          [inCloud, "s3://model/v2/"],
        ] as const) {
          let uri: string;
          try {
            uri = text(bare, context);
          } catch (error) {
            expect(error).toMatchObject({ code: "unsafe-key" });
            continue;
          }
          expect(uri.startsWith(root)).toBe(true);
        }
      }),
    );
  });

  test("a URL may be a root of what is read", () => {
    const web = { ...here, root: parseUri("https://h/data") };
    expect(text("a b/c?.csv", web)).toBe("https://h/data/a%20b/c%3F.csv");
    expect(() => text("a/../b", web)).toThrow(expect.objectContaining({ code: "unsafe-key" }));
    expect(() => text("a", { ...here, root: parseUri("https://h/data?x=1") })).toThrow(
      expect.objectContaining({ code: "unsupported" }),
    );
  });

  test("one version of an object is no root", () => {
    expect(() => text("a", { ...here, root: parseUri("s3://b/k?versionId=1") })).toThrow(
      expect.objectContaining({ code: "invalid-address" }),
    );
  });
});

describe("other addresses", () => {
  test("a full URI ignores the root", () => expect(text("s3://b/../k", onDisk)).toBe("s3://b/../k"));

  test("{ bucket, key } is that object, whatever its key ends in", () => {
    expect(resolveAddress({ bucket: "b", key: "k?versionId=1" }, onDisk)).toEqual({
      scheme: "s3",
      bucket: "b",
      key: "k?versionId=1",
      versionId: undefined,
    });
    expect(text({ bucket: "b", key: "a/", versionId: "7" }, onDisk)).toBe("s3://b/a/?versionId=7");
    for (const bad of [
      { bucket: "", key: "k" },
      { bucket: "a/b", key: "k" },
      { bucket: "b", key: "k", versionId: "" },
    ])
      expect(() => resolveAddress(bad, onDisk)).toThrow(expect.objectContaining({ code: "invalid-address" }));
  });

  test("a URL object is file:, http: or https:", () => {
    expect(text(new URL("file:///a%20b"), inCloud)).toBe("file:///a%20b");
    expect(text(new URL("https://h/a?b"), inCloud)).toBe("https://h/a?b");
    expect(() => text(new URL("s3://b/a/../k"), inCloud)).toThrow(/TypeError|changed \.\./);
    expect(() => text(new URL("s3://b/a/../k"), inCloud)).toThrow(TypeError);
    expect(() => text(new URL("ftp://h/a"), inCloud)).toThrow(TypeError);
  });

  test.each([undefined, null, 7, {}, { Bucket: "b", Key: "k" }, []])("%j is a TypeError", (value) => {
    expect(() => resolveAddress(value as unknown as Address, noRoot)).toThrow(TypeError);
  });
});
