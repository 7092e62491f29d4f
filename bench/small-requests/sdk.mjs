/** The AWS SDK for JavaScript with the settings that it comes with; a body is taken by `transformToByteArray`. */
import { createRequire } from "node:module";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

export const version = `client-s3 ${createRequire(import.meta.url)("@aws-sdk/client-s3/package.json").version}`;

/** @param {{ endpoint: string }} at */
export async function open({ endpoint }) {
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return {
    get: async (/** @type {string} */ Key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: "bucket", Key }));
      return /** @type {NonNullable<typeof Body>} */ (Body).transformToByteArray();
    },
    head: async (/** @type {string} */ Key) =>
      (await client.send(new HeadObjectCommand({ Bucket: "bucket", Key }))).ContentLength,
    put: async (/** @type {string} */ Key, /** @type {Uint8Array} */ Body) =>
      (await client.send(new PutObjectCommand({ Bucket: "written", Key, Body }))).ETag,
    close: async () => client.destroy(),
  };
}
