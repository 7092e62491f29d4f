import { CopyObjectCommand, DeleteObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bucket, refusal, Sdk } from "./sdk.ts";

let sdk: Sdk;
beforeAll(async () => {
  sdk = await Sdk.start();
});
afterAll(() => sdk.close());

describe("conditional writes", () => {
  test("If-None-Match creates once, whoever tries", async () => {
    const tries = Array.from({ length: 16 }, (_, n) =>
      sdk.s3.send(new PutObjectCommand({ Bucket, Key: "once", Body: `writer ${n}`, IfNoneMatch: "*" })),
    );
    const outcomes = await Promise.allSettled(tries);
    const winner = outcomes.findIndex(({ status }) => status === "fulfilled");
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await sdk.textOf("once")).toBe(`writer ${winner}`);
    expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toMatchObject(
      refusal(412, "PreconditionFailed"),
    );
  });

  test("If-Match swaps one version, deletes one version", async () => {
    const { ETag } = await sdk.put("swapped", "old");
    const swap = (IfMatch: string | undefined, Key = "swapped") =>
      sdk.s3.send(new PutObjectCommand({ Bucket, Key, Body: "new", IfMatch }));
    await expect(swap('"other"')).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
    const after = await swap(ETag);
    await expect(swap(ETag)).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
    await expect(swap(ETag, "never-there")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
    const remove = (IfMatch: string | undefined) =>
      sdk.s3.send(new DeleteObjectCommand({ Bucket, Key: "swapped", IfMatch }));
    await expect(remove(ETag)).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
    await remove(after.ETag);
    await expect(sdk.textOf("swapped")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
  });
});

describe("copies", () => {
  test("take settings along or replace them, from keys of any kind", async () => {
    const source = "sp ace/ü+%25&é?.txt";
    await sdk.s3.send(
      new PutObjectCommand({ Bucket, Key: source, Body: "copy me", Metadata: { a: "1" }, ContentType: "a/b" }),
    );
    const CopySource = encodeURIComponent(`${Bucket}/${source}`);
    await sdk.s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource }));
    expect(await sdk.s3.send(new HeadObjectCommand({ Bucket, Key: "copy" }))).toMatchObject({
      Metadata: { a: "1" },
      ContentType: "a/b",
    });
    await sdk.s3.send(
      new CopyObjectCommand({ Bucket, Key: "copy", CopySource, MetadataDirective: "REPLACE", Metadata: { b: "2" } }),
    );
    expect(await sdk.s3.send(new HeadObjectCommand({ Bucket, Key: "copy" }))).toMatchObject({
      Metadata: { b: "2" },
      ContentType: "binary/octet-stream",
    });
    expect(await sdk.textOf("copy")).toBe("copy me");
  });

  test("onto itself only with a change, from something that is there, under conditions", async () => {
    const { ETag } = await sdk.put("self", "x");
    const copy = (input: object) =>
      sdk.s3.send(new CopyObjectCommand({ Bucket, Key: "self", CopySource: `${Bucket}/self`, ...input }));
    await expect(copy({})).rejects.toMatchObject(refusal(400, "InvalidRequest"));
    await copy({ MetadataDirective: "REPLACE" });
    await copy({ StorageClass: "STANDARD_IA" });
    await expect(copy({ CopySource: `${Bucket}/not-there` })).rejects.toMatchObject(refusal(404, "NoSuchKey"));
    await expect(copy({ CopySource: "nowhere/x" })).rejects.toMatchObject(refusal(404, "NoSuchBucket"));
    const elsewhere = { Key: "self-2" };
    await expect(copy({ ...elsewhere, CopySourceIfMatch: '"other"' })).rejects.toMatchObject(
      refusal(412, "PreconditionFailed"),
    );
    await expect(copy({ ...elsewhere, CopySourceIfNoneMatch: ETag })).rejects.toMatchObject(
      refusal(412, "PreconditionFailed"),
    );
    await copy({ ...elsewhere, CopySourceIfMatch: ETag });
    await expect(copy({ ...elsewhere, IfNoneMatch: "*" })).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
  });
});
