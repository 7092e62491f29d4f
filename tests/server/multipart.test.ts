import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bucket, refusal, Sdk } from "./sdk.ts";

let sdk: Sdk;
beforeAll(async () => {
  sdk = await Sdk.start();
});
afterAll(() => sdk.close());

describe("uploads in parts", () => {
  const MiB = 1024 * 1024;
  const first = Buffer.alloc(5 * MiB, "a");

  async function start(Key: string, input: object = {}): Promise<string> {
    return (await sdk.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...input }))).UploadId ?? "";
  }

  const part = (Key: string, UploadId: string, PartNumber: number, Body: Uint8Array | string, input: object = {}) =>
    sdk.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...input }));

  const complete = (Key: string, UploadId: string, Parts: object[], input: object = {}) =>
    sdk.s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...input }));

  test("become one object, with the settings given at the start", async () => {
    const id = await start("parts", { Metadata: { m: "1" }, ContentType: "x/y" });
    const two = await part("parts", id, 2, "tail");
    const one = await part("parts", id, 1, first);
    expect(
      (await sdk.s3.send(new ListPartsCommand({ Bucket, Key: "parts", UploadId: id }))).Parts?.map(
        ({ PartNumber, Size }) => [PartNumber, Size],
      ),
    ).toEqual([
      [1, 5 * MiB],
      [2, 4],
    ]);
    expect(
      (await sdk.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "parts" }))).Uploads?.map(
        ({ UploadId }) => UploadId,
      ),
    ).toEqual([id]);
    const done = await complete("parts", id, [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ]);
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const object = await sdk.s3.send(new GetObjectCommand({ Bucket, Key: "parts" }));
    expect(object).toMatchObject({
      ContentLength: 5 * MiB + 4,
      ETag: done.ETag,
      Metadata: { m: "1" },
      ContentType: "x/y",
    });
    expect(
      Buffer.concat([first, Buffer.from("tail")]).equals((await object.Body?.transformToByteArray()) ?? Buffer.of()),
    ).toBe(true);
    const second = await sdk.s3.send(new GetObjectCommand({ Bucket, Key: "parts", PartNumber: 2 }));
    expect([await second.Body?.transformToString(), second.PartsCount, second.ContentRange]).toEqual([
      "tail",
      2,
      `bytes ${5 * MiB}-${5 * MiB + 3}/${5 * MiB + 4}`,
    ]);
    await expect(sdk.s3.send(new GetObjectCommand({ Bucket, Key: "parts", PartNumber: 3 }))).rejects.toMatchObject(
      refusal(416, "InvalidPartNumber"),
    );
    const attributes = await sdk.s3.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: "parts",
        ObjectAttributes: ["ObjectSize", "ObjectParts", "Checksum"],
      }),
    );
    expect(attributes).toMatchObject({ ObjectSize: 5 * MiB + 4, ObjectParts: { TotalPartsCount: 2 } });
    expect(attributes.ETag).toBeUndefined();
    await expect(part("parts", id, 1, "late")).rejects.toMatchObject(refusal(404, "NoSuchUpload"));
  });

  test("have the checksum of the whole, as if it had been sent at once", async () => {
    const whole = Buffer.concat([first, Buffer.from("tail")]);
    for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "CRC64NVME"] as const) {
      const field = `Checksum${ChecksumAlgorithm}` as const;
      const { [field]: expected } = await sdk.s3.send(
        new PutObjectCommand({ Bucket, Key: "at-once", Body: whole, ChecksumAlgorithm }),
      );
      const id = await start("in-parts", { ChecksumAlgorithm, ChecksumType: "FULL_OBJECT" });
      const sent = [
        await part("in-parts", id, 1, first, { ChecksumAlgorithm }),
        await part("in-parts", id, 2, "tail", { ChecksumAlgorithm }),
      ];
      const named = sent.map(({ ETag, [field]: checksum }, n) => ({ PartNumber: n + 1, ETag, [field]: checksum }));
      const wrong = complete("in-parts", id, named, {
        [field]: ChecksumAlgorithm === "CRC64NVME" ? "AAAAAAAAAAA=" : "AAAAAA==",
      });
      await expect(wrong).rejects.toMatchObject(refusal(400, "BadDigest"));
      const done = await complete("in-parts", id, named, { [field]: expected });
      expect([done[field], done.ChecksumType]).toEqual([expected, "FULL_OBJECT"]);
    }
  });

  test("a composite checksum asks for those of the parts", async () => {
    const id = await start("composite", { ChecksumAlgorithm: "SHA256" });
    const { ETag, ChecksumSHA256 } = await part("composite", id, 1, "only", { ChecksumAlgorithm: "SHA256" });
    await expect(complete("composite", id, [{ PartNumber: 1, ETag }])).rejects.toMatchObject(
      refusal(400, "InvalidRequest"),
    );
    const done = await complete("composite", id, [{ PartNumber: 1, ETag, ChecksumSHA256 }]);
    expect(done.ChecksumSHA256).toMatch(/=-1$/);
    await expect(part("composite", id, 2, "x", { ChecksumAlgorithm: "CRC32" })).rejects.toMatchObject(
      refusal(404, "NoSuchUpload"),
    );
  });

  test("are refused when too small, unknown, out of order, or of another checksum", async () => {
    const id = await start("refused", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const one = await part("refused", id, 1, "small");
    const two = await part("refused", id, 2, "small, too");
    const named = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];
    await expect(complete("refused", id, named)).rejects.toMatchObject(refusal(400, "EntityTooSmall"));
    await expect(complete("refused", id, named.toReversed())).rejects.toMatchObject(refusal(400, "InvalidPartOrder"));
    await expect(complete("refused", id, [{ PartNumber: 3, ETag: one.ETag }])).rejects.toMatchObject(
      refusal(400, "InvalidPart"),
    );
    await expect(complete("refused", id, [{ PartNumber: 1, ETag: two.ETag }])).rejects.toMatchObject(
      refusal(400, "InvalidPart"),
    );
    await expect(complete("refused", id, [])).rejects.toMatchObject(refusal(400, "MalformedXML"));
    await expect(part("refused", id, 3, "x", { ChecksumAlgorithm: "SHA1" })).rejects.toMatchObject(
      refusal(400, "InvalidRequest"),
    );
    await expect(part("refused", id, 10_001, "x")).rejects.toMatchObject(refusal(400, "InvalidArgument"));
    await expect(complete("refused", id, named.slice(1), { MpuObjectSize: 3 })).rejects.toMatchObject(
      refusal(400, "InvalidRequest"),
    );
    await sdk.s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "refused", UploadId: id }));
    for (const late of [
      sdk.s3.send(new ListPartsCommand({ Bucket, Key: "refused", UploadId: id })),
      complete("refused", id, named),
    ]) {
      await expect(late).rejects.toMatchObject(refusal(404, "NoSuchUpload"));
    }
    await expect(sdk.textOf("refused")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
  });

  test("can be copied from another object, and published only where nothing is", async () => {
    await sdk.put("source", first);
    await sdk.put("there", "before");
    const id = await start("there");
    const copy = (PartNumber: number, CopySourceRange: string | undefined) =>
      sdk.s3.send(
        new UploadPartCopyCommand({
          Bucket,
          Key: "there",
          UploadId: id,
          PartNumber,
          CopySource: `${Bucket}/source`,
          CopySourceRange,
        }),
      );
    const [one, two] = [await copy(1, undefined), await copy(2, "bytes=0-2")];
    await expect(copy(3, `bytes=0-${5 * MiB}`)).rejects.toMatchObject(refusal(400, "InvalidArgument"));
    const named = [one, two].map(({ CopyPartResult }, n) => ({ PartNumber: n + 1, ETag: CopyPartResult?.ETag }));
    await expect(complete("there", id, named, { IfNoneMatch: "*" })).rejects.toMatchObject(
      refusal(412, "PreconditionFailed"),
    );
    await complete("there", id, named);
    expect((await sdk.s3.send(new HeadObjectCommand({ Bucket, Key: "there" }))).ContentLength).toBe(5 * MiB + 3);
  });
});
