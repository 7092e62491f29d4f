import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeListed, encodePath } from "./percent.ts";
import { parseTarget } from "./target.ts";

const parse = (url: string, host = "127.0.0.1:9000") =>
  parseTarget(url, host, { domains: ["localhost"], customDomains: [] });

// Every character that UTF-8 has; fast-check's own unit for that takes seconds to set up.
const character = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));

test.each<[string, string, string]>([
  ["/", "", ""],
  ["/bucket", "bucket", ""],
  ["/bucket/", "bucket", ""],
  ["/bucket/a/b", "bucket", "a/b"],
  ["/bucket//lead", "bucket", "/lead"],
  ["/bucket/a//b/", "bucket", "a//b/"],
  ["/bucket/../x", "bucket", "../x"],
  ["/bucket/a%2F..%2Fb", "bucket", "a/../b"],
  ["/bucket/a+b%20c%2B", "bucket", "a+b c+"],
  ["/bucket/100%25%252F", "bucket", "100%%2F"],
  ["/bucket/%00%01%0A", "bucket", "\u0000\u0001\n"],
  ["/bucket/k?versionId=a/b", "bucket", "k"],
  ["/bucket/%3Fx%23y", "bucket", "?x#y"],
  ["/b%2Fk", "b/k", ""],
  ["http://127.0.0.1:9000/bucket/k", "bucket", "k"],
])("%s in path style", (url, bucket, key) => {
  expect(parse(url)).toMatchObject({ bucket, key });
});

test.each<[string, string, string, string]>([
  ["photos.localhost:9000", "/", "photos", ""],
  ["photos.localhost", "/a//b/", "photos", "a//b/"],
  ["my.photos.LOCALHOST:9000", "//x", "my.photos", "/x"],
  ["localhost:9000", "/photos/x", "photos", "x"],
  ["otherlocalhost:9000", "/photos/x", "photos", "x"],
  ["photos.localhost:9000", "/photos/x", "photos", "photos/x"],
  ["photos.localhost:1", "/x", "photos", "x"],
  ["127.0.0.1:9000", "/photos/x", "photos", "x"],
  ["[::1]:9000", "/photos/x", "photos", "x"],
  ["", "/photos/x", "photos", "x"],
  ["photos", "/photos/x", "photos", "x"],
  ["www.example.com", "/photos/x", "photos", "x"],
])("the host %s with %s in virtual-host style", (host, url, bucket, key) => {
  expect(parse(url, host)).toMatchObject({ bucket, key });
});

describe("refused", () => {
  test.each(["/bucket/%", "/bucket/%zz", "/bucket/%ff", "/bucket/%ED%A0%80", "/bucket?x=%ff", "*"])("%s", (url) => {
    expect(() => parse(url)).toThrow(expect.objectContaining({ code: "InvalidURI" }));
  });

  test("a key of more than 1,024 bytes, not of 1,024", () => {
    expect(parse(`/b/${"é".repeat(512)}`).key).toHaveLength(512);
    expect(() => parse(`/b/${"é".repeat(512)}x`)).toThrow(expect.objectContaining({ code: "KeyTooLongError" }));
  });
});

test("any key survives the way through a path and through a listing", () => {
  fc.assert(
    fc.property(fc.string({ unit: character, minLength: 1, maxLength: 40 }), (key) => {
      expect(parse(`/bucket/${encodePath(key)}`).key).toBe(key);
      expect(decodeURIComponent(encodeListed(key).replaceAll("+", " "))).toBe(key);
    }),
  );
});

test("keys are listed as S3 encodes them, those that need nothing too", () => {
  expect(encodeListed("a-Z09._*/b")).toBe("a-Z09._*/b");
  expect(encodeListed("a~b")).toBe("a%7Eb");
  expect(encodeListed("~ !'()+%é")).toBe("%7E+%21%27%28%29%2B%25%C3%A9");
});
