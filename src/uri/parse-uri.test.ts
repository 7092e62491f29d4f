import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostile } from "../../tests/hostile-inputs.ts";
import type { EntrepotError } from "../error/index.ts";
import { formatUri, type Location, parseUri } from "./index.ts";

const s3 = (bucket: string, key = "", versionId?: string): Location => ({ scheme: "s3", bucket, key, versionId });
const legal = (key: string) => Buffer.byteLength(key) <= 1024;
const anyKey = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }).filter(legal),
  fc.string({ unit: "grapheme-ascii", maxLength: 40 }),
  fc
    .array(fc.constantFrom("a", "/", "..", ".", "?versionId=", "?", "=", "%2F", "#", "é"), { maxLength: 12 })
    .map((parts) => parts.join("")),
);

describe("every location survives format and parse", () => {
  const bucket = fc.constantFrom(
    "b",
    "My_Bucket",
    "a.b-c",
    "tenant:bucket",
    "arn:aws:s3:us-west-2:123456789012:accesspoint/name",
  );
  const version = fc.option(fc.stringMatching(/^[A-Za-z0-9._~+=-]{1,40}$/), { nil: undefined });

  test("with any key of S3 and any version", () => {
    fc.assert(
      fc.property(bucket, anyKey, version, (name, key, versionId) => {
        const location = s3(name, key, key === "" ? undefined : versionId);
        expect(parseUri(formatUri(location))).toEqual(location);
      }),
      { numRuns: 2_000 },
    );
  });

  test("with any key in memory", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(parseUri(formatUri({ scheme: "memory", key }))).toEqual({ scheme: "memory", key });
      }),
    );
  });

  test("with any path, once it has neither . nor ..", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const location = { scheme: "file", path: `/${key}` } as const;
        if (key.split("/").some((name) => name === "." || name === ".."))
          expect(() => formatUri(location)).toThrow("holds . or ..");
        else expect(parseUri(formatUri(location))).toEqual(location);
      }),
    );
  });

  test.each(hostile.keys.filter((key) => key !== "\ud800"))("with the hostile key %j", (key) => {
    expect(parseUri(formatUri(s3("b", key)))).toEqual(s3("b", key));
    expect(parseUri(`s3://b/${key}`)).toEqual(s3("b", key));
  });

  test.each(hostile.key_pairs_that_must_not_collide)("%j and %j stay two", (a, b) => {
    expect(formatUri(s3("b", a))).not.toBe(formatUri(s3("b", b)));
    expect(formatUri({ scheme: "file", path: `/${a}` === "/a/./b" ? "/a%2E/b" : `/${a}` })).not.toBe(
      formatUri({ scheme: "file", path: `/${b}` }),
    );
  });

  test("and any text that parses is formatted to text that means the same", () => {
    const text = fc
      .tuple(fc.constantFrom("s3://b/", "s3a://b/", "S3://b/", "memory:///", "MEMORY:///"), anyKey)
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (uri) => {
        let location: Location;
        try {
          location = parseUri(uri);
        } catch (error) {
          expect((error as EntrepotError).code).toBe("invalid-address");
          return;
        }
        expect(parseUri(formatUri(location))).toEqual(location);
      }),
    );
  });
});

describe("s3://", () => {
  test.each<[string, Location]>([
    ["s3://", s3("")],
    ["s3://bucket", s3("bucket")],
    ["s3://bucket/", s3("bucket")],
    ["s3://bucket/key", s3("bucket", "key")],
    ["s3a://bucket/key", s3("bucket", "key")],
    ["s3n://bucket/key", s3("bucket", "key")],
    ["S3://Bucket_1/Key", s3("Bucket_1", "Key")],
    ["s3://bucket//lead", s3("bucket", "/lead")],
    ["s3://bucket/a//b/../c/", s3("bucket", "a//b/../c/")],
    ["s3://bucket/a+b%20c d#e?f", s3("bucket", "a+b%20c d#e?f")],
    ["s3://bucket/k?versionId=3/L4kqt", s3("bucket", "k?versionId=3/L4kqt")],
    ["s3://bucket/k?versionId=null", s3("bucket", "k", "null")],
    ["s3://bucket/k?versionId=", s3("bucket", "k")],
    ["s3://bucket/k?versionId=1?versionId=2", s3("bucket", "k?versionId=1", "2")],
    ["s3://bucket/k?versionId=1?versionId=", s3("bucket", "k?versionId=1")],
    ["s3://bucket/k?versionid=1", s3("bucket", "k?versionid=1")],
  ])("%s", (text, location) => expect(parseUri(text)).toEqual(location));

  const arns = [
    "arn:aws:s3:us-west-2:123456789012:accesspoint/name",
    "arn:aws:s3:us-west-2:123456789012:accesspoint:name",
    "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/name",
    "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
    "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/name",
    "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01ac5d28a6a232904/accesspoint/name",
    "arn:aws:s3-outposts:us-west-2:123456789012:outpost:op-01ac5d28a6a232904:accesspoint:name",
  ];
  test.each(arns)("the access point %s stands for a bucket", (arn) => {
    expect(parseUri(`s3://${arn}`)).toEqual(s3(arn));
    expect(parseUri(`s3://${arn}/`)).toEqual(s3(arn));
    expect(parseUri(`s3://${arn}/a//b:c?versionId=1`)).toEqual(s3(arn, "a//b:c", "1"));
    expect(formatUri(s3(arn, "/x"))).toBe(`s3://${arn}//x`);
  });

  test("the ARN of a bucket is refused with the address that is meant", () => {
    expect(() => parseUri("s3://arn:aws:s3:::bucket/key")).toThrow(
      expect.objectContaining({ code: "invalid-address", hint: "write s3://bucket/key" }),
    );
  });
});

describe("other schemes", () => {
  test.each<[string, Location]>([
    ["file:///a/b.csv", { scheme: "file", path: "/a/b.csv" }],
    ["file://localhost/a", { scheme: "file", path: "/a" }],
    ["FILE:///a", { scheme: "file", path: "/a" }],
    ["file:/a", { scheme: "file", path: "/a" }],
    ["file://", { scheme: "file", path: "/" }],
    ["file:///a%20b/%C3%A9%3F", { scheme: "file", path: "/a b/é?" }],
    ["file:///a/./b/../c/", { scheme: "file", path: "/a/c/" }],
    ["file:///../../etc", { scheme: "file", path: "/etc" }],
    ["file:///a/%2e%2e/b", { scheme: "file", path: "/b" }],
    ["file:///a/..", { scheme: "file", path: "/" }],
    ["file:///a//b", { scheme: "file", path: "/a//b" }],
    ["memory:///a//b?versionId=1", { scheme: "memory", key: "a//b?versionId=1" }],
    ["memory://", { scheme: "memory", key: "" }],
    ["https://h/p%20q?x=1#y", { scheme: "https", url: "https://h/p%20q?x=1#y" }],
    ["HTTP://h/p", { scheme: "http", url: "http://h/p" }],
  ])("%s", (text, location) => expect(parseUri(text)).toEqual(location));
});

describe("what is no address", () => {
  test.each(["s3:/x", "s3:x", "S3:/bucket/key", "s3:", "s3a:/x", "http:/x", "https:x", "memory:/x", "file:x"])(
    "%s is a TypeError that says what to write",
    (text) => {
      expect(() => parseUri(text)).toThrow(TypeError);
      expect(() => parseUri(text)).toThrow(/write (s3:\/\/bucket\/key|https?:\/\/host|memory:\/\/\/|file:\/\/\/)/);
    },
  );

  test.each([
    "gs://bucket/key",
    "c://x",
    "x",
    "",
    "/x",
    " s3://b/k",
    "\ns3://b/k",
    "s3:///key",
    "s3://?versionId=1",
    "s3://bucket?versionId=1",
    "s3://bu cket/k",
    "s3://b@evil.example/k",
    "s3://b#/k",
    "s3://b\\c/k",
    "s3://b\u0000/k",
    "s3://b/?versionId=1",
    "s3://arn:aws:s3:us-west-2:123456789012:accesspoint",
    "s3://arn:nonsense/key",
    "s3://b/\ud800",
    "s3://b/\udc00\ud800",
    `s3://b/${"a".repeat(1_025)}`,
    `s3://b/${"é".repeat(512)}a`,
    "memory://host/key",
    "memory:///\ud800",
    "file://host/a",
    "file:///a%2Fb",
    "file:///a%zz",
    "file:///a%ff",
    "file:///a?b",
    "file:///a#b",
    "https://",
    "https://user:pwcanary6@h/",
    "http://h:99999/",
  ])("%j is an invalid address with a hint", (text) => {
    expect(() => parseUri(text)).toThrow(
      expect.objectContaining({ code: "invalid-address", hint: expect.any(String) }),
    );
  });

  test("an unknown scheme is answered with those that there are", () => {
    expect(() => parseUri("gs://bucket/key")).toThrow(
      expect.objectContaining({
        message: expect.stringContaining("gs://"),
        hint: expect.stringMatching(/s3:.*file:.*memory:.*https:/),
      }),
    );
  });

  test("a key of 1,024 bytes is the longest", () => {
    expect(parseUri(`s3://b/${"é".repeat(512)}`)).toEqual(s3("b", "é".repeat(512)));
  });

  test("no message repeats a query, a password or an escape sequence", () => {
    for (const text of [
      "https://h:x/?X-Amz-Signature=canary0004",
      "https://u:canary0004@h/",
      "http:/h?sig=canary0004",
      "gs://b/k?sig=canary0004",
    ])
      expect(() => parseUri(text)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining("canary0004") }),
      );
    expect(() => parseUri("gs://\u001b[31mred\u009b")).toThrow('"gs://\\u001b[31mred\\u009b"');
  });

  test.each<[string, Location]>([
    ["an empty version", s3("b", "k", "")],
    ["a version with a slash", s3("b", "k", "1/2")],
    ["a version without a key", s3("b", "", "1")],
    ["a key without a bucket", s3("", "k")],
    ["a relative path", { scheme: "file", path: "a" }],
    ["a lone surrogate in a path", { scheme: "file", path: "/\ud800" }],
  ])("a location with %s is not formatted", (_, location) => {
    expect(() => formatUri(location)).toThrow(expect.objectContaining({ code: "invalid-address" }));
  });
});
