import { describe, expect, test } from "vitest";
import { Endpoint } from "./endpoint.ts";

const local = "http://127.0.0.1:9000";

test.each([
  [{}, "bucket", "https://bucket.s3.us-east-1.amazonaws.com", ""],
  [{ region: "eu-west-3" }, "bucket", "https://bucket.s3.eu-west-3.amazonaws.com", ""],
  [{ region: "cn-north-1" }, "bucket", "https://bucket.s3.cn-north-1.amazonaws.com.cn", ""],
  [{}, "with.dots", "https://s3.us-east-1.amazonaws.com", "/with.dots"],
  [{}, "Legacy_Name", "https://s3.us-east-1.amazonaws.com", "/Legacy_Name"],
  [{ addressing: "path" as const }, "bucket", "https://s3.us-east-1.amazonaws.com", "/bucket"],
  [{ endpoint: local }, "bucket", local, "/bucket"],
  [{ endpoint: "http://localhost:9000", addressing: "virtual" as const }, "bucket", "http://bucket.localhost:9000", ""],
  [{ endpoint: "https://s3.example.org:443/" }, "bucket", "https://s3.example.org", "/bucket"],
  [{ endpoint: "http://localhost:9000" }, "bucket", "http://localhost:9000", "/bucket"],
  [{ endpoint: "http://minio:9000", allowInsecureEndpoint: true }, "bucket", "http://minio:9000", "/bucket"],
  [
    {},
    "arn:aws:s3:us-west-2:123456789012:accesspoint/my-point",
    "https://my-point-123456789012.s3-accesspoint.us-west-2.amazonaws.com",
    "",
  ],
])("with %j the bucket %s is at %s", (options, bucket, origin, prefix) => {
  const target = new Endpoint(options).bucket(bucket);
  expect(target).toMatchObject({ origin, prefix, host: new URL(origin).host });
});

test.each([
  [{ dualStack: true }, "https://bucket.s3.dualstack.us-east-1.amazonaws.com"],
  [{ fips: true }, "https://bucket.s3-fips.us-east-1.amazonaws.com"],
  [{ fips: true, dualStack: true }, "https://bucket.s3-fips.dualstack.us-east-1.amazonaws.com"],
  [{ region: "fips-us-west-2" }, "https://bucket.s3-fips.us-west-2.amazonaws.com"],
  [{ region: "us-gov-west-1-fips" }, "https://bucket.s3-fips.us-gov-west-1.amazonaws.com"],
  [{ region: "aws-global" }, "https://bucket.s3.us-east-1.amazonaws.com"],
])("with %j a bucket is at %s, and is the same to the cache", (options, origin) => {
  const endpoint = new Endpoint(options);
  expect(endpoint.bucket("bucket").origin).toBe(origin);
  expect(endpoint.identity).toBe("amazonaws.com");
});

test.each([
  [{ fips: true, endpoint: local }, "fips"],
  [{ dualStack: true, endpoint: local }, "dualStack"],
  [{ fips: true, region: "cn-north-1" }, "FIPS"],
])("%j is misconfigured", (options, word) => {
  const open = () => new Endpoint(options);
  expect(open).toThrow(expect.objectContaining({ code: "misconfigured", message: expect.stringContaining(word) }));
});

test("false is no choice among AWS's hosts, so that an own endpoint may be", () => {
  expect(new Endpoint({ fips: false, dualStack: false, endpoint: local }).bucket("b").origin).toBe(local);
});

test.each([
  ["us-east-1", "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/point"],
  ["us-east-1", "arn:aws:s3:cn-north-1:123456789012:accesspoint/point"],
  ["cn-north-1", "arn:aws:s3:us-east-1:123456789012:accesspoint/point"],
])("from %s the access point %s is in another partition", (region, arn) => {
  expect(() => new Endpoint({ region }).bucket(arn)).toThrow(expect.objectContaining({ code: "misconfigured" }));
});

test.each(["data--use1-az4--x-s3", "point--use1-az4--xa-s3"])("%s is a directory bucket, and unsupported", (bucket) => {
  expect(() => new Endpoint({}).bucket(bucket)).toThrow(expect.objectContaining({ code: "unsupported" }));
  expect(new Endpoint({ endpoint: local }).bucket(bucket).prefix).toBe(`/${bucket}`);
});

test("an access point is signed for its own region", () => {
  const arn = "arn:aws:s3:us-west-2:123456789012:accesspoint/my-point";
  expect(new Endpoint({ region: "eu-west-1" }).bucket(arn).region).toBe("us-west-2");
});

describe("endpoints that would give credentials away are misconfigured", () => {
  test.each([
    "http://example.com",
    "http://169.254.169.254",
    "https://169.254.169.254",
    "http://[::ffff:169.254.169.254]",
    "http://metadata.google.internal",
    "https://user:pass@h/",
    "file:///etc/passwd",
    "https://evil/?x=",
    "//evil",
    "127.0.0.1:9000",
    "http://127.evil.com",
    "http://localhost.evil.com",
    "https://h/path",
  ])("%s", (endpoint) => {
    const open = () => new Endpoint({ endpoint });
    expect(open).toThrow(expect.objectContaining({ code: "misconfigured" }));
    expect(open).toThrow(expect.not.objectContaining({ message: expect.stringContaining("pass@") }));
  });
});

test.each([
  "us-east-1.evil.com",
  "x@attacker.com:443/#",
  "169.254.169.254",
  "../",
  "us-east-1\n",
  "us-east-\u0661",
  "",
])("the region %j is misconfigured", (region) => {
  expect(() => new Endpoint({ region })).toThrow(expect.objectContaining({ code: "misconfigured" }));
});

test.each(["", "..", "a/b", "a\\b", "a b"])("the bucket %j is an invalid address", (bucket) => {
  expect(() => new Endpoint({}).bucket(bucket)).toThrow(expect.objectContaining({ code: "invalid-address" }));
});

test.each([
  "arn:aws:s3::123456789012:accesspoint/multi.mrap",
  "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/x",
  "arn:aws:s3:us-west-2.evil.com:123456789012:accesspoint/x",
])("the ARN %s is unsupported", (arn) => {
  expect(() => new Endpoint({}).bucket(arn)).toThrow(expect.objectContaining({ code: "unsupported" }));
});

test.each(["http://127.0.0.1:9000", "http://[::1]:9000", "https://192.0.2.7"])(
  "an IP address cannot have a bucket's name before it: %s",
  (endpoint) => {
    expect(() => new Endpoint({ endpoint, addressing: "virtual" })).toThrow(
      expect.objectContaining({ code: "misconfigured", hint: expect.stringContaining("path") }),
    );
    expect(new Endpoint({ endpoint }).bucket("b").prefix).toBe("/b");
  },
);
