/** The SDK's own paginator with the settings that it comes with, entry by entry. */
import { createRequire } from "node:module";
import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";

export const version = `client-s3 ${createRequire(import.meta.url)("@aws-sdk/client-s3/package.json").version}`;

/** @param {string} endpoint */
export function open(endpoint) {
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return {
    /** @param {number} most @param {(key: string | undefined, sizeBytes: number | undefined) => void} take */
    async list(most, take) {
      let left = most;
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: "listing" })) {
        for (const { Key, Size } of Contents) {
          take(Key, Size);
          if (--left === 0) return;
        }
      }
    },
    close: async () => client.destroy(),
  };
}
