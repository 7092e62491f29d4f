import { describe, expect, test } from "vitest";
import { endpointOf, hostRules, readHost } from "./address.ts";

const rules = hostRules(["localhost", "S3.Example.com"], ["www.Example.org"]);

test.each<[string, string | undefined, string | undefined]>([
  ["localhost", undefined, undefined],
  ["s3.localhost", undefined, undefined],
  ["photos.localhost:9000", "photos", undefined],
  ["my.photos.localhost", "my.photos", undefined],
  ["photos.s3.localhost", "photos", undefined],
  ["s3.eu-west-1.localhost:9000", undefined, "eu-west-1"],
  ["S3-EU-WEST-1.localhost", undefined, "eu-west-1"],
  ["s3.dualstack.us-gov-west-1.localhost", undefined, "us-gov-west-1"],
  ["photos.s3.eu-west-1.localhost", "photos", "eu-west-1"],
  ["my.photos.s3.eu-west-1.localhost", "my.photos", "eu-west-1"],
  ["photos.s3-eu-west-1.localhost", "photos", "eu-west-1"],
  ["s3-photos.localhost", "s3-photos", undefined],
  ["photos.eu-west-1.localhost", "photos.eu-west-1", undefined],
  ["photos.s3.example.com", "photos", undefined],
  ["s3.example.com", undefined, undefined],
  ["example.com", undefined, undefined],
  ["www.example.org:80", "www.example.org", undefined],
  ["WWW.EXAMPLE.ORG", "www.example.org", undefined],
  ["example.org", undefined, undefined],
  ["www.example.net", undefined, undefined],
  [".localhost", undefined, undefined],
  ["", undefined, undefined],
])("the host %j names the bucket %j and the region %j", (host, bucket, region) => {
  expect(readHost(host, rules)).toEqual({ bucket, region });
});

test("of two names that fit, the longer one is the server's", () => {
  const nested = hostRules(["localhost", "store.localhost"]);
  expect(readHost("photos.store.localhost", nested).bucket).toBe("photos");
  expect(readHost("photos.localhost", nested).bucket).toBe("photos");
});

describe("a bucket elsewhere is to be looked for", () => {
  test.each([
    ["at the endpoint of its region", "localhost:9000", "s3.eu-west-1.localhost:9000"],
    ["there in the same style", "far.localhost:9000", "far.s3.eu-west-1.localhost:9000"],
    ["and not in two regions at once", "s3.us-east-1.localhost", "s3.eu-west-1.localhost"],
    ["nor at a name that is no host", "127.0.0.1:9000", "127.0.0.1:9000"],
  ])("%s: %s", (_what, host, endpoint) => {
    expect(endpointOf("far", "eu-west-1", host, rules)).toBe(endpoint);
  });
});
