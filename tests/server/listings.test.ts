import { DeleteObjectsCommand, ListObjectsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bucket, refusal, Sdk } from "./sdk.ts";

let sdk: Sdk;
beforeAll(async () => {
  sdk = await Sdk.start();
});
afterAll(() => sdk.close());

describe("listings", () => {
  const keys = ["Z", "a", "a-b", "a/b", "a/c/d", "ab", "é", "～", "😀", "x+y z%", "c\u0001d", "e\rf"];
  const Prefix = "listed/";
  beforeAll(async () => {
    for (const key of keys) await sdk.put(`${Prefix}${key}`);
  });
  const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

  test("version 2, page by page", async () => {
    const found: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await sdk.s3.send(
        new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 5, ContinuationToken, EncodingType: "url" }),
      );
      found.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
      expect(page).toMatchObject({
        MaxKeys: 5,
        KeyCount: page.Contents?.length,
        IsTruncated: ContinuationToken !== undefined,
      });
    } while (ContinuationToken !== undefined);
    const decoded = found.map((key) => decodeURIComponent(key?.replaceAll("+", " ") ?? ""));
    expect(decoded).toEqual(sorted.map((key) => `${Prefix}${key}`));
  });

  test("version 2, rolled up, after a key, with owners", async () => {
    const page = await sdk.s3.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix,
        Delimiter: "/",
        StartAfter: `${Prefix}a`,
        MaxKeys: 2,
        FetchOwner: true,
      }),
    );
    expect(page.Contents?.map(({ Key, Size, Owner }) => [Key, Size, Owner?.DisplayName])).toEqual([
      [`${Prefix}a-b`, 1, "entrepot"],
    ]);
    expect(page.CommonPrefixes).toEqual([{ Prefix: `${Prefix}a/` }]);
    const rest = await sdk.s3.send(
      new ListObjectsV2Command({ Bucket, Prefix, Delimiter: "/", ContinuationToken: page.NextContinuationToken }),
    );
    expect(rest.CommonPrefixes).toBeUndefined();
    expect(rest.Contents?.[0]?.Key).toBe(`${Prefix}ab`);
  });

  test("version 1 goes on after a common prefix without repeating it", async () => {
    const first = await sdk.s3.send(new ListObjectsCommand({ Bucket, Prefix, Delimiter: "/", MaxKeys: 4 }));
    expect([first.NextMarker, first.IsTruncated]).toEqual([`${Prefix}a/`, true]);
    const second = await sdk.s3.send(
      new ListObjectsCommand({ Bucket, Prefix, Delimiter: "/", Marker: first.NextMarker, MaxKeys: 1 }),
    );
    expect([second.Contents?.[0]?.Key, second.CommonPrefixes]).toEqual([`${Prefix}ab`, undefined]);
  });

  test("nothing is no error, nonsense is one", async () => {
    expect(await sdk.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "none/" }))).toMatchObject({
      KeyCount: 0,
      IsTruncated: false,
    });
    expect(await sdk.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))).toMatchObject({
      KeyCount: 0,
      IsTruncated: false,
    });
    await expect(sdk.s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: "x" }))).rejects.toMatchObject(
      refusal(400, "InvalidArgument"),
    );
    await expect(sdk.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: -1 }))).rejects.toMatchObject(
      refusal(400, "InvalidArgument"),
    );
    await expect(sdk.s3.send(new ListObjectsV2Command({ Bucket: "nowhere" }))).rejects.toMatchObject(
      refusal(404, "NoSuchBucket"),
    );
  });
});

test("many objects are deleted at once, quietly if asked, a thousand at most", async () => {
  const names = ["many/1", "many/a b+c%&<>é", "many/\u0001"];
  for (const name of names) await sdk.put(name);
  const remove = (keys: readonly string[], Quiet: boolean) =>
    sdk.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Quiet, Objects: keys.map((Key) => ({ Key })) } }));
  const { Deleted, Errors } = await remove([...names.slice(0, 2), "many/missing"], false);
  expect([Deleted?.map(({ Key }) => Key), Errors]).toEqual([[...names.slice(0, 2), "many/missing"], undefined]);
  expect((await remove(["many/missing"], true)).Deleted).toBeUndefined();
  await expect(
    remove(
      Array.from({ length: 1001 }, (_, n) => `k${n}`),
      true,
    ),
  ).rejects.toMatchObject(refusal(400, "MalformedXML"));
});
