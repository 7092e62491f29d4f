/** GetObjectAttributes of objects that came in parts, by the AWS SDK: pages of parts, each with its checksum, or their number. */
import {
  type ChecksumType,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  type GetObjectAttributesCommandInput,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Bucket, refusal, Sdk } from "./sdk.ts";

let sdk: Sdk;
beforeAll(async () => {
  sdk = await Sdk.start();
});
afterAll(() => sdk.close());

const MiB = 1024 * 1024;
const bodies = [Buffer.alloc(5 * MiB, "a"), Buffer.alloc(5 * MiB, "b"), Buffer.from("end")];

const numbers = [2, 4, 7];

async function upload(Key: string, ChecksumType: ChecksumType): Promise<readonly CompletedPart[]> {
  const algorithm = { ChecksumAlgorithm: "CRC32" } as const;
  const { UploadId } = await sdk.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...algorithm, ChecksumType }));
  const Parts: CompletedPart[] = [];
  for (const [n, Body] of bodies.entries()) {
    const part = { Bucket, Key, UploadId, PartNumber: numbers[n], Body, ...algorithm };
    const { ETag, ChecksumCRC32 } = await sdk.s3.send(new UploadPartCommand(part));
    Parts.push({ PartNumber: numbers[n], ETag, ChecksumCRC32 });
  }
  await sdk.s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, ChecksumType, MultipartUpload: { Parts } }),
  );
  return Parts;
}

const partsOf = async (Key: string, input: Partial<GetObjectAttributesCommandInput> = {}) =>
  (await sdk.s3.send(new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ["ObjectParts"], ...input })))
    .ObjectParts;

test("parts whose checksums make up that of the object are told page by page", async () => {
  const sent = await upload("composite", "COMPOSITE");
  const told = sent.map(({ PartNumber, ChecksumCRC32 }, n) => ({
    PartNumber,
    Size: bodies[n]?.length,
    ChecksumCRC32,
  }));
  const whole = { TotalPartsCount: 3, PartNumberMarker: "0", NextPartNumberMarker: "7", MaxParts: 1000 };
  expect(await partsOf("composite")).toEqual({ ...whole, IsTruncated: false, Parts: told });
  expect(await partsOf("composite", { MaxParts: 2 })).toEqual({
    ...whole,
    NextPartNumberMarker: "4",
    MaxParts: 2,
    IsTruncated: true,
    Parts: told.slice(0, 2),
  });
  expect(await partsOf("composite", { MaxParts: 2, PartNumberMarker: "4" })).toMatchObject({
    PartNumberMarker: "4",
    IsTruncated: false,
    Parts: told.slice(2),
  });
  // What is no number is passed over.
  expect(await partsOf("composite", { MaxParts: -1, PartNumberMarker: "x" })).toMatchObject(whole);
});

test("of parts under a checksum of the whole only their number is told", async () => {
  await upload("full", "FULL_OBJECT");
  expect(await partsOf("full")).toEqual({ TotalPartsCount: 3 });
  await sdk.put("plain");
  expect(await partsOf("plain")).toBeUndefined();
});

test("what is asked for is read before the object is looked for", async () => {
  for (const [ObjectAttributes, code] of [
    [["Colour"], "InvalidArgument"],
    [["ETag", ""], "InvalidArgument"],
    [[""], "InvalidRequest"],
  ] as const) {
    const asked = partsOf("none", { ObjectAttributes: ObjectAttributes as never });
    await expect(asked, code).rejects.toMatchObject(refusal(400, code));
  }
  await expect(partsOf("none")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
});
