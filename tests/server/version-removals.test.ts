/** Versions, by the AWS SDK: how they go, and what conditions look at. */
import { DeleteBucketCommand, DeleteObjectCommand, DeleteObjectsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { Bucket, refusal } from "./sdk.ts";
import { versionedBucket } from "./versioned.ts";

const { send, keep, put, get, head, textOf, remove, write, listed } = versionedBucket();

describe("deletions", () => {
  test("pile up markers, for keys that never were, too; by its name a version goes for good", async () => {
    const [first = "", second = ""] = await write("k", "one", "two");
    const made = await remove("k");
    expect(made).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
    const again = await remove("k");
    expect((await remove("never")).DeleteMarker).toBe(true);
    expect(await listed("k")).toEqual([second, first, `${again.VersionId}x*`, `${made.VersionId}x`]);
    expect(await remove("k", made.VersionId)).toMatchObject({ DeleteMarker: true, VersionId: made.VersionId });
    await remove("k", again.VersionId);
    expect(await textOf("k")).toBe("two");
    const gone = await remove("k", second);
    expect([gone.DeleteMarker, gone.VersionId]).toEqual([undefined, second]);
    expect(await textOf("k")).toBe("one");
    expect((await remove("k", second)).VersionId).toBe(second);
    expect(await listed("k")).toEqual([`${first}*`]);
    await expect(remove("k", `${first.slice(0, -4)}ABCD`)).rejects.toMatchObject(refusal(400, "InvalidArgument"));
  });

  test("while versioning is suspended put a marker in the place of the version null", async () => {
    const [first = ""] = await write("k", "one");
    await keep("Suspended");
    expect((await put("k", "null")).VersionId).toBeUndefined();
    expect((await get("k")).VersionId).toBe("null");
    await put("k", "null again");
    expect(await listed()).toEqual(["null*", first]);
    expect(await remove("k")).toMatchObject({ DeleteMarker: true, VersionId: "null" });
    await remove("k");
    expect(await listed()).toEqual([first, "nullx*"]);
    await put("k", "back");
    expect(await listed()).toEqual(["null*", first]);
    await remove("k", "null");
    expect(await textOf("k")).toBe("one");
    await keep("Enabled");
    const [third] = await write("k", "three");
    expect(await listed()).toEqual([`${third}*`, first]);
  });

  test("in a bucket that never kept versions leave nothing behind", async () => {
    await send(new PutObjectCommand({ Bucket: "empty", Key: "k", Body: "x" }));
    const plain = await send(new DeleteObjectCommand({ Bucket: "empty", Key: "k" }));
    expect([plain.DeleteMarker, plain.VersionId]).toEqual([undefined, undefined]);
    await send(new PutObjectCommand({ Bucket: "empty", Key: "k", Body: "x" }));
    await send(new DeleteObjectCommand({ Bucket: "empty", Key: "k", VersionId: "null" }));
    await send(new DeleteBucketCommand({ Bucket: "empty" }));
  });

  test("of many objects tell of each what became of it", async () => {
    const [first = ""] = await write("k", "one");
    await write("l", "other");
    const many = async (...Objects: readonly { Key: string; VersionId?: string; ETag?: string }[]) =>
      await send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [...Objects] } }));
    const { Deleted: hidden } = await many({ Key: "k" }, { Key: "never" });
    expect(hidden).toEqual([
      { Key: "k", DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
      { Key: "never", DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
    ]);
    const marker = hidden?.[0]?.DeleteMarkerVersionId ?? "";
    expect(await many({ Key: "k", VersionId: marker }, { Key: "k", VersionId: first })).toMatchObject({
      Deleted: [
        { Key: "k", VersionId: marker, DeleteMarker: true, DeleteMarkerVersionId: marker },
        { Key: "k", VersionId: first },
      ],
    });
    const wrong = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD";
    const { Errors } = await many({ Key: "l", VersionId: wrong }, { Key: "l", VersionId: "" }, { Key: "l", ETag: "x" });
    expect(Errors?.map(({ Key, VersionId, Code }) => [Key, VersionId, Code])).toEqual([
      ["l", wrong, "NoSuchVersion"],
      ["l", "", "NoSuchVersion"],
      ["l", undefined, "PreconditionFailed"],
    ]);
    const { Deleted } = await many({ Key: "l", VersionId: first });
    expect(Deleted).toEqual([{ Key: "l", VersionId: first }]);
    expect(await textOf("l")).toBe("other");
  });

  test("with a condition or a lock that buckets of this kind have not are refused", async () => {
    await write("k", "one");
    const asked = (input: object) => send(new DeleteObjectCommand({ Bucket, Key: "k", ...input }));
    await expect(asked({ IfMatchSize: 3 })).rejects.toMatchObject(refusal(501, "NotImplemented"));
    await expect(asked({ BypassGovernanceRetention: true })).rejects.toMatchObject(refusal(400, "InvalidArgument"));
    expect(await textOf("k")).toBe("one");
  });

  test("a bucket is not empty while any version is left", async () => {
    const [first] = await write("k", "one");
    const { VersionId: marker } = await remove("k");
    const drop = () => send(new DeleteBucketCommand({ Bucket }));
    const notEmpty = { ...refusal(409, "BucketNotEmpty"), message: expect.stringContaining("all versions") };
    await expect(drop()).rejects.toMatchObject(notEmpty);
    await remove("k", first);
    await expect(drop()).rejects.toMatchObject(notEmpty);
    await remove("k", marker);
    await drop();
  });
});

describe("conditions", () => {
  test("of writes look at the current version; a delete marker is nothing", async () => {
    const [first] = await write("k", "one");
    const put = (input: object) => send(new PutObjectCommand({ Bucket, Key: "k", Body: "two", ...input }));
    await expect(put({ IfNoneMatch: "*" })).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
    const { ETag } = await head("k", first);
    await remove("k");
    await expect(put({ IfMatch: ETag })).rejects.toMatchObject(refusal(404, "NoSuchKey"));
    await put({ IfNoneMatch: "*" });
    await expect(put({ IfMatch: ETag })).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
    expect(await textOf("k")).toBe("two");
  });

  test("of deletions look at the current version, whichever is to go", async () => {
    const [first] = await write("k", "one", "two");
    const [one, two] = [(await head("k", first)).ETag, (await head("k")).ETag];
    await expect(remove("k", undefined, one)).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
    await expect(remove("k", first, one)).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
    await remove("k", first, two);
    expect((await remove("k", undefined, two)).DeleteMarker).toBe(true);
    await expect(remove("k", undefined, two)).rejects.toMatchObject(refusal(404, "NoSuchKey"));
  });
});
