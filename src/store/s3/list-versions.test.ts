import { describe, expect, test } from "vitest";
import type { ObjectVersion } from "../object-store.ts";
import { scripted } from "./scripted.fixture.ts";

async function versionsOf(bodies: readonly string[]): Promise<ObjectVersion[]> {
  const { bucket } = scripted((_request, n) => ({ status: 200, body: bodies[n - 1] ?? "" }));
  const versions: ObjectVersion[] = [];
  for await (const page of bucket.listVersions?.({ prefix: "p/" }) ?? []) versions.push(...page.versions);
  return versions;
}

const version = (key: string, id: string, latest = false) =>
  `<Version><Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>${latest}</IsLatest><Size>1</Size><ETag>"e"</ETag></Version>`;
const marker = (key: string, id: string) =>
  `<DeleteMarker><Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>true</IsLatest></DeleteMarker>`;
const page = (inside: string, next?: string) =>
  `<ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>${next !== undefined}</IsTruncated>${next ?? ""}${inside}</ListVersionsResult>`;
const next = (key: string, id?: string) =>
  `<NextKeyMarker>${key}</NextKeyMarker>${id === undefined ? "" : `<NextVersionIdMarker>${id}</NextVersionIdMarker>`}`;

test("a server that writes all markers behind all versions of a page is read in order", async () => {
  const versions = await versionsOf([page(version("p/a", "1") + version("p/b", "2", true) + marker("p/a", "3"))]);
  expect(versions.map(({ key, versionId }) => key + versionId)).toEqual(["p/a3", "p/a1", "p/b2"]);
});

test("keys come decoded, and the next page is asked for from where this one ended", async () => {
  const { bucket, transport } = scripted((_request, n) => ({
    status: 200,
    body: n === 1 ? page(version("p/a%2Bb+c", "1"), next("p/a%2Bb+c", "1")) : page(version("p/a%2Bb+c", "0")),
  }));
  const keys: string[] = [];
  for await (const { versions } of bucket.listVersions?.({ prefix: "p/" }) ?? [])
    keys.push(...versions.map((v) => v.key));
  expect(keys).toEqual(["p/a+b c", "p/a+b c"]);
  expect(transport.requests[1]?.path).toContain("key-marker=p%2Fa%2Bb%20c");
  expect(transport.requests[1]?.path).toContain("version-id-marker=1");
});

describe("a listing of versions that cannot be trusted is a protocol error", () => {
  test.each([
    [
      "the same place again",
      [page(version("p/a", "1"), next("p/a", "1")), page(version("p/a", "2"), next("p/a", "1"))],
    ],
    ["a version twice", [page(version("p/a", "1"), next("p/a", "1")), page(version("p/a", "1"))]],
    ["pages out of order", [page(version("p/b", "1"), next("p/b", "1")), page(version("p/a", "1"))]],
    ["more, but no way to go on", [page(version("p/a", "1"), "")]],
    ["a key outside the prefix", [page(version("q/a", "1"))]],
    ["a version without an id", [page(version("p/a", ""))]],
    ["nothing on four pages", [1, 2, 3, 4].map((n) => page("", next(`p/${n}`)))],
    ["another document", ["<ListBucketResult/>"]],
  ])("%s", async (_name, bodies) => {
    await expect(versionsOf(bodies)).rejects.toMatchObject({ code: "protocol" });
  });
});
