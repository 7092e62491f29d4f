/** HeadBucket and GetBucketLocation: that a bucket is there, and where. */
import { emptyAnswer, xmlAnswer } from "../answer.ts";
import type { Operation } from "../operation.ts";
import { document } from "../xml/xml-writer.ts";

export const headBucket: Operation = {
  name: "HeadBucket",
  async run({ storage, bucket }) {
    return emptyAnswer(200, { "x-amz-bucket-region": storage.bucket(bucket).region });
  },
};

export const getBucketLocation: Operation = {
  name: "GetBucketLocation",
  async run({ storage, bucket }) {
    const { region } = storage.bucket(bucket);
    return xmlAnswer(document("LocationConstraint", region === "us-east-1" ? "" : region));
  },
};
