/** DeleteObject: what is not there is gone already; with If-Match it must be there. */
import { emptyAnswer } from "../answer.ts";
import { ifMatchGuard } from "../conditions.ts";
import type { Operation } from "../operation.ts";
import { requireNullVersion } from "../versions.ts";

export const deleteObject: Operation = {
  name: "DeleteObject",
  async run({ request, storage, bucket, key, query }) {
    requireNullVersion(query.get("versionId"));
    const ifMatch = request.header("if-match");
    await storage.remove(bucket, key, request.nowMs, ifMatch === undefined ? undefined : ifMatchGuard(ifMatch, key));
    return emptyAnswer(204);
  },
};
