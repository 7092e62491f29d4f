/** GetBucketTagging, PutBucketTagging and DeleteBucketTagging: at most fifty tags, replaced as a whole. */
import { emptyAnswer, xmlAnswer } from "../answer.ts";
import { receiveText } from "../body/payload.ts";
import { s3Error } from "../errors.ts";
import { readTagging, taggingDocument, tagsOfBuckets } from "../object/tagging.ts";
import type { Operation } from "../operation.ts";

const maxDocumentBytes = 128 * 1024;

export const getBucketTagging: Operation = {
  name: "GetBucketTagging",
  async run({ storage, bucket }) {
    const { tags } = storage.bucket(bucket);
    if (tags === undefined) throw s3Error("NoSuchTagSet", { details: { BucketName: bucket } });
    return xmlAnswer(taggingDocument(tags));
  },
};

export const putBucketTagging: Operation = {
  name: "PutBucketTagging",
  async run({ request, caller, storage, bucket }) {
    storage.bucket(bucket);
    const tags = readTagging(await receiveText(request, caller, maxDocumentBytes), tagsOfBuckets) ?? {};
    await storage.reviseBucket(bucket, (record) => ({ ...record, tags }));
    return emptyAnswer(204);
  },
};

export const deleteBucketTagging: Operation = {
  name: "DeleteBucketTagging",
  async run({ storage, bucket }) {
    await storage.reviseBucket(bucket, ({ tags: _, ...rest }) => rest);
    return emptyAnswer(204);
  },
};
