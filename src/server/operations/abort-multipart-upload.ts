/** AbortMultipartUpload: the parts are gone, and so is the upload. */
import { emptyAnswer } from "../answer.ts";
import type { Operation } from "../operation.ts";

export const abortMultipartUpload: Operation = {
  name: "AbortMultipartUpload",
  async run({ storage, bucket, key, query }) {
    await storage.abortUpload(bucket, key, query.get("uploadId") ?? "");
    return emptyAnswer(204);
  },
};
