/** Lists a bucket flat with the AWS SDK's paginator and prints how many keys there were, each after the one before. usage: list-all.mjs BUCKET */
import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";

const client = new S3Client({ endpoint: process.env["AWS_ENDPOINT_URL_S3"] ?? "", forcePathStyle: true });
let [seen, last] = [0, ""];
for await (const { Contents } of paginateListObjectsV2({ client }, { Bucket: process.argv[2] })) {
  for (const { Key = "" } of Contents ?? []) {
    if (Key <= last) throw new Error(`${Key} comes after ${last}`);
    last = Key;
    seen += 1;
  }
}
console.log(seen);
