/** DeleteObject: what is not there is gone already; with If-Match it must be there. By its name, a version goes for good. */
import { emptyAnswer } from "../answer.ts";
import { ifMatchGuard } from "../object/conditions.ts";
import { refuseForeignDelete } from "../object/foreign-delete.ts";
import { markerHeaders, readVersionId } from "../object/versions.ts";
import type { Operation } from "../operation.ts";
import { isDeleteMarker } from "../storage/versions-of-key.ts";

export const deleteObject: Operation = {
  name: "DeleteObject",
  async run({ request, storage, bucket, key, query }) {
    const versionId = readVersionId(query.get("versionId"));
    refuseForeignDelete(request);
    const ifMatch = request.header("if-match");
    // "Conditional delete evaluations only apply to the current version", whichever is named.
    const guard = ifMatch === undefined ? undefined : ifMatchGuard(ifMatch, key);
    if (versionId === undefined) {
      const marker = await storage.remove(bucket, key, request.nowMs, guard);
      return emptyAnswer(204, marker === undefined ? {} : markerHeaders(marker));
    }
    const removed = await storage.removeVersion(bucket, key, versionId, guard);
    const wasMarker = removed !== undefined && isDeleteMarker(removed);
    return emptyAnswer(204, wasMarker ? markerHeaders(removed) : { "x-amz-version-id": versionId });
  },
};
