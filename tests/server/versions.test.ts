/** Versions, by the AWS SDK: how they come to be, and how each is read. */
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { Bucket, refusal } from "./sdk.ts";
import { refusedHeaders, versionedBucket } from "./versioned.ts";

const { send, stack, keep, put, get, head, textOf, remove, write, listed } = versionedBucket();

describe("versioning", () => {
  test("is off until it is put on, then on or suspended, and never off again", async () => {
    const status = async (bucket: string) => (await send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status;
    expect([await status("empty"), await status(Bucket)]).toEqual([undefined, "Enabled"]);
    await keep("Suspended");
    expect(await status(Bucket)).toBe("Suspended");
    for (const [configuration, code] of [
      [{ Status: "Off" }, "MalformedXML"],
      [{ Status: "enabled" }, "MalformedXML"],
      [{}, "IllegalVersioningConfigurationException"],
      [{ MFADelete: "Disabled" }, "IllegalVersioningConfigurationException"],
      [{ Status: "Enabled", MFADelete: "Maybe" }, "MalformedXML"],
    ] as const) {
      const put = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: configuration as object });
      await expect(send(put), code).rejects.toMatchObject(refusal(400, code));
    }
    const withMfa = { Status: "Enabled", MFADelete: "Enabled" } as const;
    await expect(
      send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: withMfa, MFA: "serial 123456" })),
    ).rejects.toMatchObject(refusal(403, "AccessDenied"));
    await expect(send(new GetBucketVersioningCommand({ Bucket: "nowhere" }))).rejects.toMatchObject(
      refusal(404, "NoSuchBucket"),
    );
    expect(await status(Bucket)).toBe("Suspended");
  });

  test("keeps what was there before it as the version null", async () => {
    const Before = "empty";
    const put = (Body: string) => send(new PutObjectCommand({ Bucket: Before, Key: "k", Body }));
    const read = (VersionId?: string) => send(new GetObjectCommand({ Bucket: Before, Key: "k", VersionId }));
    expect((await put("before")).VersionId).toBeUndefined();
    expect([(await read()).VersionId, (await read("null")).VersionId]).toEqual([undefined, undefined]);
    await send(new PutBucketVersioningCommand({ Bucket: Before, VersioningConfiguration: { Status: "Enabled" } }));
    expect((await read()).VersionId).toBe("null");
    const { VersionId } = await put("after");
    expect(await (await read("null")).Body?.transformToString()).toBe("before");
    expect((await read()).VersionId).toBe(VersionId);
  });
});

describe("reads", () => {
  test("a version by its name, whatever came after it", async () => {
    const [first, second] = await write("k", "one", "two");
    expect([await textOf("k", first), await textOf("k", second), await textOf("k")]).toEqual(["one", "two", "two"]);
    expect([(await get("k")).VersionId, (await head("k", first)).VersionId]).toEqual([second, first]);
    const { VersionId, ETag } = await send(
      new GetObjectAttributesCommand({ Bucket, Key: "k", VersionId: first, ObjectAttributes: ["ETag"] }),
    );
    expect([VersionId, `"${ETag}"`]).toEqual([first, (await head("k", first)).ETag]);
    const cached = await refusedHeaders(get304("k", (await head("k", first)).ETag, first));
    expect(cached["x-amz-version-id"]).toBe(first);
  });

  const get304 = (Key: string, IfNoneMatch: string | undefined, VersionId: string | undefined) =>
    send(new GetObjectCommand({ Bucket, Key, IfNoneMatch, VersionId }));

  test("a name that was never given, one that is gone, one of another key, and none", async () => {
    const [first = ""] = await write("k", "one");
    await write("l", "other");
    for (const wrong of ["x", first.slice(0, -4), `${first.slice(0, 8)}ABCD${first.slice(12)}`, ""]) {
      const asked = send(new GetObjectCommand({ Bucket, Key: "k", VersionId: wrong }));
      const message = wrong === "" ? "Version id cannot be the empty string" : "Invalid version id specified";
      await expect(asked, wrong).rejects.toMatchObject({
        ...refusal(400, "InvalidArgument"),
        message,
        ArgumentName: "versionId",
      });
      await expect(head("k", wrong)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    }
    await expect(get("l", first)).rejects.toMatchObject(refusal(404, "NoSuchVersion"));
    await expect(get("k", "null")).rejects.toMatchObject(refusal(404, "NoSuchVersion"));
    await remove("k", first);
    const gone = get("k", first);
    await expect(gone).rejects.toMatchObject({ ...refusal(404, "NoSuchVersion"), Key: "k", VersionId: first });
    expect(await refusedHeaders(gone)).not.toHaveProperty("x-amz-delete-marker");
  });

  test("of a deleted object: not found when it is current, not allowed when it is named", async () => {
    const [first] = await write("k", "one");
    const { VersionId: marker = "" } = await remove("k");
    await expect(get("k")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
    for (const ask of [get, head]) {
      expect(await refusedHeaders(ask("k"))).toMatchObject({
        "x-amz-delete-marker": "true",
        "x-amz-version-id": marker,
      });
    }
    await expect(get("k", marker)).rejects.toMatchObject({
      ...refusal(405, "MethodNotAllowed"),
      Method: "GET",
      ResourceType: "DeleteMarker",
    });
    for (const ask of [get, head]) {
      expect(await refusedHeaders(ask("k", marker))).toMatchObject({
        "x-amz-delete-marker": "true",
        "x-amz-version-id": marker,
        "last-modified": expect.stringMatching(/GMT$/),
        allow: "DELETE",
      });
    }
    const attributes = (VersionId?: string) =>
      send(new GetObjectAttributesCommand({ Bucket, Key: "k", VersionId, ObjectAttributes: ["ETag"] }));
    await expect(attributes()).rejects.toMatchObject(refusal(404, "NoSuchKey"));
    await expect(attributes(marker)).rejects.toMatchObject(refusal(405, "MethodNotAllowed"));
    expect(await textOf("k", first)).toBe("one");
  });
});

describe("other ways to write", () => {
  test("a copy takes the version that is asked for, and says which", async () => {
    const [first, second] = await write("k", "one", "two");
    const copy = (version: string | undefined, Key = "copy") =>
      send(
        new CopyObjectCommand({
          Bucket,
          Key,
          CopySource: `${Bucket}/k${version === undefined ? "" : `?versionId=${version}`}`,
        }),
      );
    const made = await copy(first);
    expect(made).toMatchObject({ CopySourceVersionId: first, VersionId: expect.any(String) });
    expect(await textOf("copy", made.VersionId)).toBe("one");
    expect((await copy(undefined)).CopySourceVersionId).toBe(second);
    await expect(copy(undefined, "k")).rejects.toMatchObject(refusal(400, "InvalidRequest"));
    const restored = await copy(first, "k");
    expect([await textOf("k"), await textOf("k", restored.VersionId), await textOf("k", second)]).toEqual([
      "one",
      "one",
      "two",
    ]);
    const { VersionId: marker } = await remove("k");
    await expect(copy(undefined)).rejects.toMatchObject(refusal(404, "NoSuchKey"));
    await expect(copy(marker)).rejects.toMatchObject({
      ...refusal(400, "InvalidRequest"),
      message: expect.stringContaining("delete marker"),
    });
    await expect(copy("null")).rejects.toMatchObject(refusal(404, "NoSuchVersion"));
    await expect(copy("nonsense")).rejects.toMatchObject(refusal(400, "InvalidArgument"));
    await keep("Suspended");
    expect((await copy(first)).VersionId).toBe("null");
  });

  test("an upload in parts is a version, of parts that may come from old ones", async () => {
    const [first] = await write("k", "old");
    await write("k", "new");
    const { UploadId } = await send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    const upload = { Bucket, Key: "k", UploadId };
    const part = await send(
      new UploadPartCopyCommand({ ...upload, PartNumber: 1, CopySource: `${Bucket}/k?versionId=${first}` }),
    );
    expect(part.CopySourceVersionId).toBe(first);
    const done = await send(
      new CompleteMultipartUploadCommand({
        ...upload,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part.CopyPartResult?.ETag }] },
      }),
    );
    expect(done.VersionId).toEqual(expect.any(String));
    expect([await textOf("k"), (await get("k")).VersionId]).toEqual(["old", done.VersionId]);
    expect(await listed()).toHaveLength(3);
  });

  test("each part is read by its number from the version that is named", async () => {
    const { UploadId } = await send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    const upload = { Bucket, Key: "k", UploadId };
    const bodies = [Buffer.alloc(5 * 1024 * 1024, "a"), Buffer.from("end")];
    const Parts = await Promise.all(
      bodies.map(async (Body, n) => {
        const { ETag } = await send(new UploadPartCommand({ ...upload, PartNumber: n + 1, Body }));
        return { PartNumber: n + 1, ETag };
      }),
    );
    const { VersionId } = await send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    await write("k", "small");
    const part = await send(new GetObjectCommand({ Bucket, Key: "k", VersionId, PartNumber: 2 }));
    expect([await part.Body?.transformToString(), part.PartsCount]).toEqual(["end", 2]);
  });
});

describe("ListObjects", () => {
  test("passes over keys whose current version is a delete marker", async () => {
    for (const key of ["a", "b", "c", "d"]) await write(key, "x");
    await remove("a");
    await remove("c");
    await remove("never");
    const v2 = await send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }));
    expect([v2.Contents?.map(({ Key }) => Key), v2.IsTruncated]).toEqual([["b"], true]);
    const v1 = await send(new ListObjectsCommand({ Bucket, Marker: "b" }));
    expect([v1.Contents?.map(({ Key }) => Key), v1.IsTruncated]).toEqual([["d"], false]);
  });
});

test("writes do not address versions", async () => {
  const [first] = await write("k", "one");
  stack().add(
    (next) => async (args) => {
      const request = args.request as { method: string; query: Record<string, string> };
      if (request.method === "PUT") request.query["versionId"] = first ?? "";
      return await next(args);
    },
    { step: "build", name: "addVersionId" },
  );
  await expect(put("k", "two")).rejects.toMatchObject(refusal(400, "InvalidArgument"));
  stack().remove("addVersionId");
  expect(await textOf("k")).toBe("one");
});
