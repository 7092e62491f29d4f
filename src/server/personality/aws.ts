/** AWS itself: what this server does when it is told nothing else. Nothing here takes hold anywhere. */
import type { Personality } from "./personality.ts";

const guide = "https://docs.aws.amazon.com/AmazonS3/latest/userguide";

export const aws: Personality = {
  name: "aws",
  title: "Amazon S3",
  as: "general purpose buckets, 2026",
  behaviours: [
    {
      id: "aws-default-checksum",
      says: "An object that was uploaded without a checksum has one all the same: CRC64NVME over its bytes.",
      source: [`${guide}/checking-object-integrity-upload.html`],
    },
    {
      id: "aws-keys-are-names",
      says: "A key is no path: `..`, `//`, a leading `/` and a key that begins like another one are keys like any other.",
      source: [`${guide}/object-keys.html`],
    },
    {
      id: "aws-parts-of-any-size",
      says: "Parts may differ in length; each but the last has at least 5 MiB, and they are named in ascending order.",
      source: [
        `${guide}/qfacts.html`,
        "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html",
      ],
    },
    {
      id: "aws-conditional-writes",
      says: "PUT, the completion of an upload and DELETE honour `If-Match` with an entity tag in quotes, and the first two `If-None-Match: *`.",
      source: [`${guide}/conditional-requests.html`, `${guide}/conditional-deletes.html`],
    },
    {
      id: "aws-protected-deletions",
      says: "DeleteObjects takes 1,000 keys and wants its document protected, by Content-MD5 or any checksum.",
      source: ["https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html", "versity/versitygw#1040"],
    },
  ],
};
