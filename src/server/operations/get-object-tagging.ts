/** GetObjectTagging: the tags that an object was written with. */
import { xmlAnswer } from "../answer.ts";
import { s3Error } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { taggingDocument } from "../tagging.ts";
import { requireNullVersion } from "../versions.ts";

export const getObjectTagging: Operation = {
  name: "GetObjectTagging",
  async run({ storage, bucket, key, query }) {
    requireNullVersion(query.get("versionId"));
    const record = storage.find(bucket, key);
    if (record === undefined) throw s3Error("NoSuchKey", { details: { Key: key } });
    return xmlAnswer(taggingDocument(record.tags));
  },
};
