import { describe, expect, test } from "vitest";
import type { ListOptions, ListPage } from "../object-store.ts";
import { refusal, scripted } from "./scripted.fixture.ts";

async function pagesOf(bodies: readonly string[], options: ListOptions = {}): Promise<ListPage[]> {
  const { bucket } = scripted((_request, n) => ({ status: 200, body: bodies[n - 1] ?? "" }));
  const pages: ListPage[] = [];
  for await (const page of bucket.list(options)) pages.push(page);
  return pages;
}

const contents = (...keys: string[]) =>
  keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size><ETag>&quot;e&quot;</ETag></Contents>`).join("");
const folders = (...names: string[]) =>
  names.map((name) => `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`).join("");
const page = (inside: string, token?: string) =>
  `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType><IsTruncated>${token !== undefined}</IsTruncated>${
    token === undefined ? "" : `<NextContinuationToken>${token}</NextContinuationToken>`
  }${inside}</ListBucketResult>`;

test("keys come decoded: blanks, plus, percent, unicode, control characters and what looks like a number", async () => {
  const [only] = await pagesOf([page(contents("0123", "1e3", "a+b", "a%2520b", "a%2Bb", "x%01%0A", "%C3%BC"))]);
  expect(only?.objects.map(({ key }) => key)).toEqual(["0123", "1e3", "a b", "a%20b", "a+b", "x\u0001\n", "ü"]);
  expect(only?.objects[0]).toMatchObject({ etag: '"e"', sizeBytes: 1 });
});

test("a server that ignores encoding-type is read as it writes", async () => {
  const raw = page(contents("a%2Bb", "a+b")).replace("<EncodingType>url</EncodingType>", "");
  const [only] = await pagesOf([raw]);
  expect(only?.objects.map(({ key }) => key)).toEqual(["a%2Bb", "a+b"]);
});

test("elements may come in any order, and those that nobody asked for are passed over", async () => {
  const xml =
    "<ListBucketResult><Contents><Owner><ID>x</ID><Key>no</Key></Owner><Size>7</Size><ChecksumAlgorithm>C</ChecksumAlgorithm>" +
    "<LastModified>2024-01-02T03:04:05.000Z</LastModified><Key>k</Key></Contents><Prefix>p</Prefix><IsTruncated>false</IsTruncated></ListBucketResult>";
  const [only] = await pagesOf([xml]);
  expect(only?.objects).toMatchObject([{ key: "k", sizeBytes: 7, modifiedMs: Date.UTC(2024, 0, 2, 3, 4, 5) }]);
});

test("pages are streamed: the second is asked for when the first was taken", async () => {
  const { bucket, transport } = scripted((_request, n) => ({
    status: 200,
    body: n === 1 ? page(contents("x%20ya"), "t=/+1") : page(contents("x%20yb")),
  }));
  const iterator = bucket.list({ prefix: "x y", rollUp: true, startAfter: "s" })[Symbol.asyncIterator]();
  await iterator.next();
  expect(transport.requests.map(({ path }) => path)).toEqual([
    "/b?delimiter=%2F&encoding-type=url&list-type=2&prefix=x%20y&start-after=s",
  ]);
  await iterator.next();
  expect(transport.requests[1]?.path).toBe(
    "/b?continuation-token=t%3D%2F%2B1&delimiter=%2F&encoding-type=url&list-type=2&prefix=x%20y",
  );
  expect(await iterator.next()).toMatchObject({ done: true });
});

test("a folder that a server gives on two pages is given once", async () => {
  const pages = await pagesOf([page(folders("a/", "b/"), "1"), page(folders("b/", "c/"))]);
  expect(pages.flatMap(({ folders: names }) => names)).toEqual(["a/", "b/", "c/"]);
});

test("empty pages on the way are no end", async () => {
  const pages = await pagesOf([page("", "1"), page("", "2"), page(contents("a"))]);
  expect(pages).toHaveLength(1);
});

describe("a listing that cannot be trusted is a protocol error", () => {
  test.each([
    ["the same token again", [page(contents("a"), "1"), page(contents("b"), "1")]],
    ["a circle", [page(contents("a"), "1"), page(contents("b"), "2"), page(contents("a"), "1")]],
    ["pages out of order", [page(contents("b"), "1"), page(contents("a"))]],
    ["truncated without a token", [page(contents("a"), "")]],
    ["truncated, of a kind", [page(contents("a"), "1").replace(">true<", ">yes<"), page(contents("b"))]],
    ["a token, and no word of going on", [page(contents("a"), "1").replace("<IsTruncated>true</IsTruncated>", "")]],
    ["a key twice on one page", [page(contents("a", "a"))]],
    ["a key twice on two pages", [page(contents("a"), "1"), page(contents("a"))]],
    ["keys out of order on one page", [page(contents("b", "a"))]],
    ["folders out of order", [page(folders("b/", "a/"))]],
    ["a folder within a folder", [page(folders("a/b/"))]],
    ["a folder that is none", [page(folders("a"))]],
    ["nothing on four pages, with ever new tokens", [1, 2, 3, 4].map((n) => page("", `${n}`))],
    ["XML that is cut", [page(contents("a")).slice(0, -20)]],
    ["another document", ["<html><body>Sign in</body></html>"]],
    ["nothing", [""]],
    ["a key that is not UTF-8", [page(contents("%FF"))]],
    ["a size that is no number", [page("<Contents><Key>a</Key><Size>1e3</Size></Contents>")]],
    ["a size that no number holds", [page("<Contents><Key>a</Key><Size>9999999999999999</Size></Contents>")]],
    ["an object without a key", [page("<Contents><Size>1</Size></Contents>")]],
  ])("%s", async (_name, bodies) => {
    await expect(pagesOf(bodies)).rejects.toMatchObject({ code: "protocol", uri: "s3://b/" });
  });
});

test.each([
  ["a key outside the prefix", contents("other/x", "p/a"), "other/x"],
  ["a key after all of the prefix", contents("p/a", "zz"), "zz"],
  ["a folder outside the prefix", folders("q/"), "q/"],
  ["the prefix as a folder in itself, which is a walk without an end", folders("p/"), "p/"],
])("what was not asked for is a protocol error that names it, and is not listed: %s", async (_name, inside, named) => {
  const pages = pagesOf([page(inside)], { prefix: "p/" });
  await expect(pages).rejects.toMatchObject({ code: "protocol", message: expect.stringContaining(`"${named}"`) });
});

test("a server that ignores startAfter is noticed; a folder that begins before it is none", async () => {
  const startAfter = "p/b/x";
  const ignored = pagesOf([page(contents("p/a"))], { prefix: "p/", startAfter });
  await expect(ignored).rejects.toMatchObject({ code: "protocol" });
  const [only] = await pagesOf([page(contents("p/c") + folders("p/b/"))], { prefix: "p/", rollUp: true, startAfter });
  expect(only?.folders).toEqual(["p/b/"]);
});

test.each(["TRUE", "True", " true "])("IsTruncated may be written %j", async (word) => {
  const pages = await pagesOf([page(contents("a"), "1").replace(">true<", `>${word}<`), page(contents("b"))]);
  expect(pages).toHaveLength(2);
});

test("an endless page is limit-exceeded", async () => {
  const { bucket } = scripted(() => ({ status: 200, body: new Uint8Array(17 * 1024 * 1024) }));
  await expect(bucket.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "limit-exceeded" });
});

test("an error that comes as a 200 is that error", async () => {
  const { bucket } = scripted(() => ({ ...refusal(200, "AccessDenied"), status: 200 }));
  await expect(bucket.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "forbidden" });
});

test.each([0, 1001, 1.5, Number.NaN])("a page size of %s is a RangeError", async (pageSize) => {
  await expect(pagesOf([], { pageSize })).rejects.toThrow(RangeError);
});
