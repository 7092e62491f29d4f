/** The AWS SDK for JavaScript with the settings that it comes with, GetObject and `transformToByteArray`. */
import { createRequire } from "node:module";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";

export const version = `client-s3 ${createRequire(import.meta.url)("@aws-sdk/client-s3/package.json").version}`;

/** @param {{ endpoint: string, bucket: string }} at */
export async function open({ endpoint, bucket }) {
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return {
    get: async (/** @type {string} */ Key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return /** @type {NonNullable<typeof Body>} */ (Body).transformToByteArray();
    },
    close: async () => client.destroy(),
  };
}
