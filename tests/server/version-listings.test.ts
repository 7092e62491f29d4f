/** ListObjectVersions, by the AWS SDK: the order, the pages, what is rolled up, what is refused. */
import {
  type DeleteMarkerEntry,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Bucket, refusal, Sdk } from "./sdk.ts";

let sdk: Sdk;
beforeEach(async () => {
  sdk = await Sdk.start({ now: () => Date.now() - (Date.now() % 600_000) });
});
afterEach(() => sdk.close());

const list = (input: Partial<ListObjectVersionsCommandInput> = {}) =>
  sdk.s3.send(new ListObjectVersionsCommand({ Bucket, ...input }));
const remove = (Key: string, VersionId?: string) => sdk.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
const enable = () =>
  sdk.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
const versionsOf = ({ Versions = [] }: ListObjectVersionsCommandOutput) => Versions.map(shown);
const markersOf = ({ DeleteMarkers = [] }: ListObjectVersionsCommandOutput) => DeleteMarkers.map(shown);
const shown = ({ Key, VersionId, IsLatest }: ObjectVersion | DeleteMarkerEntry) =>
  `${Key} ${names.get(VersionId ?? "") ?? VersionId}${IsLatest === true ? "*" : ""}`;

/** What the names of versions stand for: `a1` for the first of a. */
let names = new Map<string, string>();

/** Writes `a1`, …; a name that ends in `x` is a delete marker. */
async function write(...wanted: readonly string[]): Promise<void> {
  names = new Map();
  for (const name of wanted) {
    const key = name.replace(/\d+x?$/, "");
    const { VersionId } = name.endsWith("x") ? await remove(key) : await sdk.put(key, name);
    names.set(VersionId ?? "", name);
  }
}

const idOf = (wanted: string) => [...names].find(([, name]) => name === wanted)?.[0] ?? expect.fail(wanted);

/** The documents as they come: the SDK tells versions from markers, and so loses their order. */
async function rawOrder(input: Partial<ListObjectVersionsCommandInput> = {}): Promise<readonly string[]> {
  let text = "";
  const add = sdk.s3.middlewareStack;
  add.add(
    (next) => async (args) => {
      const done = await next(args);
      text = await bodyOf(done.response);
      return done;
    },
    { step: "deserialize", name: "keepText", priority: "low" },
  );
  // Its body is gone: what it makes of that does not matter.
  await list(input).catch(() => undefined);
  add.remove("keepText");
  return [...text.matchAll(/<(?:Version|DeleteMarker)><Key>.*?<VersionId>(.*?)<\/VersionId>/g)].map(
    ([, id]) => names.get(id ?? "") ?? "?",
  );
}

async function bodyOf(response: unknown): Promise<string> {
  const { body } = response as { body: AsyncIterable<Uint8Array> };
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test("keys in order, the newest first, with all that is known of each", async () => {
  await enable();
  await write("b1", "a1", "a2", "b2x", "a3");
  const all = await list();
  expect([versionsOf(all), markersOf(all)]).toEqual([["a a3*", "a a2", "a a1", "b b1"], ["b b2x*"]]);
  expect(all.Versions?.[0]).toMatchObject({
    ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    Size: 2,
    StorageClass: "STANDARD",
    ChecksumAlgorithm: ["CRC32"],
    ChecksumType: "FULL_OBJECT",
    LastModified: expect.any(Date),
    Owner: { ID: expect.any(String) },
  });
  expect(all.DeleteMarkers?.[0]).toMatchObject({ LastModified: expect.any(Date), Owner: { ID: expect.any(String) } });
  expect(all).toMatchObject({ IsTruncated: false, KeyMarker: "", VersionIdMarker: "", MaxKeys: 1000, Prefix: "" });
  expect(all).not.toHaveProperty("NextKeyMarker");
  expect(await rawOrder()).toEqual(["a3", "a2", "a1", "b2x", "b1"]);
});

test("a bucket that keeps no versions has one of each key, null", async () => {
  for (const key of ["b", "a"]) await sdk.put(key);
  expect(versionsOf(await list())).toEqual(["a null*", "b null*"]);
  expect((await list({ Bucket: "empty" })).Versions).toBeUndefined();
  await expect(list({ Bucket: "nowhere" })).rejects.toMatchObject(refusal(404, "NoSuchBucket"));
});

test("pages of any size go through all of it, each once", async () => {
  await enable();
  await write("a1", "a2x", "a3", "b1x", "b2", "c/1", "c/2x", "d1", "d2", "d3", "d4x");
  const inOrder = ["a3", "a2x", "a1", "b2", "b1x", "c/2x", "c/1", "d4x", "d3", "d2", "d1"];
  for (let MaxKeys = 1; MaxKeys <= 12; MaxKeys += 1) {
    const seen: string[] = [];
    let page: ListObjectVersionsCommandOutput | undefined;
    do {
      const at = { KeyMarker: page?.NextKeyMarker, VersionIdMarker: page?.NextVersionIdMarker };
      seen.push(...(await rawOrder({ MaxKeys, ...at })));
      page = await list({ MaxKeys, ...at });
    } while (page.IsTruncated === true);
    expect(seen, `pages of ${MaxKeys}`).toEqual(inOrder);
  }
  expect(await list({ MaxKeys: 0 })).toMatchObject({ IsTruncated: false, MaxKeys: 0 });
});

test("a key marker alone leaves that key behind, with a version marker only what is newer", async () => {
  await enable();
  await write("a1", "a2", "b1", "b2", "b3x");
  expect(versionsOf(await list({ KeyMarker: "a" }))).toEqual(["b b2", "b b1"]);
  expect(versionsOf(await list({ KeyMarker: "b", VersionIdMarker: idOf("b3x") }))).toEqual(["b b2", "b b1"]);
  expect(versionsOf(await list({ KeyMarker: "b", VersionIdMarker: idOf("b1") }))).toEqual([]);
  const page = await list({ KeyMarker: "a", VersionIdMarker: idOf("a2"), MaxKeys: 1 });
  expect(page).toMatchObject({
    KeyMarker: "a",
    VersionIdMarker: idOf("a2"),
    NextKeyMarker: "a",
    NextVersionIdMarker: idOf("a1"),
    IsTruncated: true,
  });
});

test("a marker that has been removed meanwhile is still a place to go on from", async () => {
  await sdk.put("a", "null");
  await enable();
  await write("a1", "a2", "a3");
  await remove("a", idOf("a2"));
  expect(versionsOf(await list({ KeyMarker: "a", VersionIdMarker: idOf("a2") }))).toEqual(["a a1", "a null"]);
  await remove("a", idOf("a3"));
  expect(versionsOf(await list({ KeyMarker: "a", VersionIdMarker: idOf("a2") }))).toEqual(["a a1*", "a null"]);
  expect(versionsOf(await list({ KeyMarker: "a", VersionIdMarker: "null" }))).toEqual([]);
  await remove("a", "null");
  // Nobody knows any more where it was: rather twice than never.
  expect(versionsOf(await list({ KeyMarker: "a", VersionIdMarker: "null" }))).toEqual(["a a1*"]);
});

test("a bucket is emptied by who removes each page before asking for the next", async () => {
  await enable();
  await write("a1", "a2x", "a3", "b1", "b2", "c1x");
  let page = await list({ MaxKeys: 2 });
  while (true) {
    for (const { Key = "", VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
      await remove(Key, VersionId);
    }
    if (page.IsTruncated !== true) break;
    page = await list({ MaxKeys: 2, KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker });
  }
  expect(await list()).not.toHaveProperty("Versions");
  expect(await list()).not.toHaveProperty("DeleteMarkers");
});

test("common prefixes roll up versions and markers, count as one, and are not gone into again", async () => {
  await enable();
  await write("dir/sub/x1", "dir/sub/x2x", "dir/sub/y1x", "dir/t1", "dir/t2", "e1");
  const under = await list({ Prefix: "dir/", Delimiter: "/" });
  expect([versionsOf(under), markersOf(under), under.CommonPrefixes]).toEqual([
    ["dir/t dir/t2*", "dir/t dir/t1"],
    [],
    [{ Prefix: "dir/sub/" }],
  ]);
  const first = await list({ Prefix: "dir/", Delimiter: "/", MaxKeys: 1 });
  expect(first).toMatchObject({ NextKeyMarker: "dir/sub/", IsTruncated: true });
  expect(first).not.toHaveProperty("NextVersionIdMarker");
  for (const KeyMarker of ["dir/sub/", "dir/sub/x", "dir/sub/zzz"]) {
    const next = await list({ Prefix: "dir/", Delimiter: "/", KeyMarker });
    expect([versionsOf(next), next.CommonPrefixes], KeyMarker).toEqual([["dir/t dir/t2*", "dir/t dir/t1"], undefined]);
  }
  const within = { Prefix: "dir/", Delimiter: "/", KeyMarker: "dir/sub/x", VersionIdMarker: idOf("dir/sub/x2x") };
  expect(versionsOf(await list(within))).toEqual(["dir/t dir/t2*", "dir/t dir/t1"]);
  const fromPrefix = await list({ Prefix: "dir/", Delimiter: "/", KeyMarker: "dir/" });
  expect(fromPrefix.CommonPrefixes).toEqual([{ Prefix: "dir/sub/" }]);
});

test("keys are written as asked", async () => {
  await enable();
  for (const key of ["a b", "ü/\u0001"]) await sdk.put(key);
  const encoded = await list({ EncodingType: "url", KeyMarker: "a", MaxKeys: 1 });
  expect([encoded.Versions?.[0]?.Key, encoded.NextKeyMarker, encoded.EncodingType]).toEqual(["a+b", "a+b", "url"]);
  const rolled = await list({ EncodingType: "url", Delimiter: "/" });
  expect(rolled.CommonPrefixes).toEqual([{ Prefix: "%C3%BC/" }]);
});

test("what makes no sense is refused by name", async () => {
  await enable();
  await write("a1");
  const [id = ""] = names.keys();
  for (const [input, message] of [
    [{ VersionIdMarker: id }, "A version-id marker cannot be specified without a key marker."],
    [{ KeyMarker: "a", VersionIdMarker: "x" }, "Invalid version id specified"],
    [{ KeyMarker: "a", VersionIdMarker: "" }, "A version-id marker cannot be empty."],
    [{ EncodingType: "hex" as "url" }, "Invalid Encoding Method specified in Request"],
  ] as const) {
    await expect(list(input), message).rejects.toMatchObject({ ...refusal(400, "InvalidArgument"), message });
  }
});
