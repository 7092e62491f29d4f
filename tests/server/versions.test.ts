/** Versions, by the AWS SDK: writing, reading, removing, and what each answers. */
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Bucket, refusal, Sdk } from "./sdk.ts";

let sdk: Sdk;
beforeEach(async () => {
  // A clock that stands still: only arrival can tell which version is newer.
  sdk = await Sdk.start({ now: () => Date.now() - (Date.now() % 600_000) });
  await keep("Enabled");
});
afterEach(() => sdk.close());

const keep = (Status: "Enabled" | "Suspended") =>
  sdk.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const get = (Key: string, VersionId?: string) => sdk.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
const head = (Key: string, VersionId?: string) => sdk.s3.send(new HeadObjectCommand({ Bucket, Key, VersionId }));
const remove = (Key: string, VersionId?: string, IfMatch?: string) =>
  sdk.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId, IfMatch }));
const textOf = async (Key: string, VersionId?: string) => await (await get(Key, VersionId)).Body?.transformToString();

/** Puts them one after the other; resolves with their names. */
async function write(Key: string, ...texts: readonly string[]): Promise<readonly string[]> {
  const names: string[] = [];
  for (const text of texts) names.push((await sdk.put(Key, text)).VersionId ?? "none");
  return names;
}

/** Newest first: the name of each, `x` behind that of a delete marker, `*` behind that of the latest. */
async function listed(Prefix = ""): Promise<readonly string[]> {
  const { Versions = [], DeleteMarkers = [] } = await sdk.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  const all = [
    ...Versions.map((one) => ({ ...one, kind: "" })),
    ...DeleteMarkers.map((one) => ({ ...one, kind: "x" })),
  ];
  return all.map(({ VersionId, IsLatest, kind }) => `${VersionId}${kind}${IsLatest === true ? "*" : ""}`);
}

/** The headers of a refusal, which the SDK keeps to itself. */
async function refusedHeaders(call: Promise<unknown>): Promise<Record<string, string>> {
  const error = await call.then(
    () => expect.fail("not refused"),
    (reason) => reason,
  );
  return error.$response.headers;
}

describe("versioning", () => {
  test("is off until it is put on, then on or suspended, and never off again", async () => {
    const status = async (bucket: string) =>
      (await sdk.s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status;
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
      await expect(sdk.s3.send(put), code).rejects.toMatchObject(refusal(400, code));
    }
    const withMfa = { Status: "Enabled", MFADelete: "Enabled" } as const;
    await expect(
      sdk.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: withMfa, MFA: "serial 123456" })),
    ).rejects.toMatchObject(refusal(403, "AccessDenied"));
    await expect(sdk.s3.send(new GetBucketVersioningCommand({ Bucket: "nowhere" }))).rejects.toMatchObject(
      refusal(404, "NoSuchBucket"),
    );
    expect(await status(Bucket)).toBe("Suspended");
  });

  test("keeps what was there before it as the version null", async () => {
    const Before = "empty";
    const put = (Body: string) => sdk.s3.send(new PutObjectCommand({ Bucket: Before, Key: "k", Body }));
    const read = (VersionId?: string) => sdk.s3.send(new GetObjectCommand({ Bucket: Before, Key: "k", VersionId }));
    expect((await put("before")).VersionId).toBeUndefined();
    expect([(await read()).VersionId, (await read("null")).VersionId]).toEqual([undefined, undefined]);
    await sdk.s3.send(
      new PutBucketVersioningCommand({ Bucket: Before, VersioningConfiguration: { Status: "Enabled" } }),
    );
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
    const { VersionId, ETag } = await sdk.s3.send(
      new GetObjectAttributesCommand({ Bucket, Key: "k", VersionId: first, ObjectAttributes: ["ETag"] }),
    );
    expect([VersionId, `"${ETag}"`]).toEqual([first, (await head("k", first)).ETag]);
    const cached = await refusedHeaders(get304("k", (await head("k", first)).ETag, first));
    expect(cached["x-amz-version-id"]).toBe(first);
  });

  const get304 = (Key: string, IfNoneMatch: string | undefined, VersionId: string | undefined) =>
    sdk.s3.send(new GetObjectCommand({ Bucket, Key, IfNoneMatch, VersionId }));

  test("a name that was never given, one that is gone, one of another key, and none", async () => {
    const [first = ""] = await write("k", "one");
    await write("l", "other");
    for (const wrong of ["x", first.slice(0, -4), `${first.slice(0, 8)}ABCD${first.slice(12)}`, ""]) {
      const asked = sdk.s3.send(new GetObjectCommand({ Bucket, Key: "k", VersionId: wrong }));
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
      sdk.s3.send(new GetObjectAttributesCommand({ Bucket, Key: "k", VersionId, ObjectAttributes: ["ETag"] }));
    await expect(attributes()).rejects.toMatchObject(refusal(404, "NoSuchKey"));
    await expect(attributes(marker)).rejects.toMatchObject(refusal(405, "MethodNotAllowed"));
    expect(await textOf("k", first)).toBe("one");
  });
});

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
    expect((await sdk.put("k", "null")).VersionId).toBeUndefined();
    expect((await get("k")).VersionId).toBe("null");
    await sdk.put("k", "null again");
    expect(await listed()).toEqual(["null*", first]);
    expect(await remove("k")).toMatchObject({ DeleteMarker: true, VersionId: "null" });
    await remove("k");
    expect(await listed()).toEqual([first, "nullx*"]);
    await sdk.put("k", "back");
    expect(await listed()).toEqual(["null*", first]);
    await remove("k", "null");
    expect(await textOf("k")).toBe("one");
    await keep("Enabled");
    const [third] = await write("k", "three");
    expect(await listed()).toEqual([`${third}*`, first]);
  });

  test("in a bucket that never kept versions leave nothing behind", async () => {
    await sdk.s3.send(new PutObjectCommand({ Bucket: "empty", Key: "k", Body: "x" }));
    const plain = await sdk.s3.send(new DeleteObjectCommand({ Bucket: "empty", Key: "k" }));
    expect([plain.DeleteMarker, plain.VersionId]).toEqual([undefined, undefined]);
    await sdk.s3.send(new PutObjectCommand({ Bucket: "empty", Key: "k", Body: "x" }));
    await sdk.s3.send(new DeleteObjectCommand({ Bucket: "empty", Key: "k", VersionId: "null" }));
    await sdk.s3.send(new DeleteBucketCommand({ Bucket: "empty" }));
  });

  test("of many objects tell of each what became of it", async () => {
    const [first = ""] = await write("k", "one");
    await write("l", "other");
    const many = async (...Objects: readonly { Key: string; VersionId?: string; ETag?: string }[]) =>
      await sdk.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [...Objects] } }));
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
    const asked = (input: object) => sdk.s3.send(new DeleteObjectCommand({ Bucket, Key: "k", ...input }));
    await expect(asked({ IfMatchSize: 3 })).rejects.toMatchObject(refusal(501, "NotImplemented"));
    await expect(asked({ BypassGovernanceRetention: true })).rejects.toMatchObject(refusal(400, "InvalidArgument"));
    expect(await textOf("k")).toBe("one");
  });

  test("a bucket is not empty while any version is left", async () => {
    const [first] = await write("k", "one");
    const { VersionId: marker } = await remove("k");
    const drop = () => sdk.s3.send(new DeleteBucketCommand({ Bucket }));
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
    const put = (input: object) => sdk.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "two", ...input }));
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

describe("other ways to write", () => {
  test("a copy takes the version that is asked for, and says which", async () => {
    const [first, second] = await write("k", "one", "two");
    const copy = (version: string | undefined, Key = "copy") =>
      sdk.s3.send(
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
    const { UploadId } = await sdk.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    const upload = { Bucket, Key: "k", UploadId };
    const part = await sdk.s3.send(
      new UploadPartCopyCommand({ ...upload, PartNumber: 1, CopySource: `${Bucket}/k?versionId=${first}` }),
    );
    expect(part.CopySourceVersionId).toBe(first);
    const done = await sdk.s3.send(
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
    const { UploadId } = await sdk.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    const upload = { Bucket, Key: "k", UploadId };
    const bodies = [Buffer.alloc(5 * 1024 * 1024, "a"), Buffer.from("end")];
    const Parts = await Promise.all(
      bodies.map(async (Body, n) => {
        const { ETag } = await sdk.s3.send(new UploadPartCommand({ ...upload, PartNumber: n + 1, Body }));
        return { PartNumber: n + 1, ETag };
      }),
    );
    const { VersionId } = await sdk.s3.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
    );
    await write("k", "small");
    const part = await sdk.s3.send(new GetObjectCommand({ Bucket, Key: "k", VersionId, PartNumber: 2 }));
    expect([await part.Body?.transformToString(), part.PartsCount]).toEqual(["end", 2]);
  });
});

describe("ListObjects", () => {
  test("passes over keys whose current version is a delete marker", async () => {
    for (const key of ["a", "b", "c", "d"]) await write(key, "x");
    await remove("a");
    await remove("c");
    await remove("never");
    const v2 = await sdk.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }));
    expect([v2.Contents?.map(({ Key }) => Key), v2.IsTruncated]).toEqual([["b"], true]);
    const v1 = await sdk.s3.send(new ListObjectsCommand({ Bucket, Marker: "b" }));
    expect([v1.Contents?.map(({ Key }) => Key), v1.IsTruncated]).toEqual([["d"], false]);
  });
});

test("writes do not address versions", async () => {
  const [first] = await write("k", "one");
  sdk.s3.middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as { method: string; query: Record<string, string> };
      if (request.method === "PUT") request.query["versionId"] = first ?? "";
      return await next(args);
    },
    { step: "build", name: "addVersionId" },
  );
  await expect(sdk.put("k", "two")).rejects.toMatchObject(refusal(400, "InvalidArgument"));
  sdk.s3.middlewareStack.remove("addVersionId");
  expect(await textOf("k")).toBe("one");
});
