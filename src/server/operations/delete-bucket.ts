/** DeleteBucket: only an empty one. */
import { emptyAnswer } from "../answer.ts";
import type { Operation } from "../operation.ts";

export const deleteBucket: Operation = {
  name: "DeleteBucket",
  async run({ storage, bucket }) {
    await storage.removeBucket(bucket);
    return emptyAnswer(204);
  },
};
