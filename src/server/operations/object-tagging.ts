/**
 * GetObjectTagging, PutObjectTagging, DeleteObjectTagging: the tags of one version. They change in place: neither a new version
 * nor a new date comes of it.
 */
import { emptyAnswer, xmlAnswer } from "../answer.ts";
import { receiveProtectedText } from "../body/payload.ts";
import { readTagging, type Tags, taggingDocument } from "../object/tagging.ts";
import { readVersionId, versionError, versionHeaders } from "../object/versions.ts";
import type { Call, Operation } from "../operation.ts";
import type { ObjectRecord } from "../storage/records.ts";
import { isDeleteMarker } from "../storage/versions-of-key.ts";

export const getObjectTagging: Operation = {
  name: "GetObjectTagging",
  async run(call) {
    const { storage, bucket, key } = call;
    const versionId = readVersionId(call.query.get("versionId"));
    const found =
      versionId === undefined ? storage.versions(bucket, key).at(-1) : storage.findVersion(bucket, key, versionId);
    if (found === undefined || isDeleteMarker(found)) throw versionError(call, versionId, found);
    return xmlAnswer(taggingDocument(found.tags), versionHeaders(storage.bucket(bucket), found));
  },
};

export const putObjectTagging: Operation = {
  name: "PutObjectTagging",
  async run(call) {
    const versionId = readVersionId(call.query.get("versionId"));
    call.storage.bucket(call.bucket);
    const tags = readTagging(await receiveProtectedText(call));
    call.permitTags(tags);
    return emptyAnswer(200, await retag(call, versionId, tags));
  },
};

export const deleteObjectTagging: Operation = {
  name: "DeleteObjectTagging",
  async run(call) {
    return emptyAnswer(204, await retag(call, readVersionId(call.query.get("versionId")), undefined));
  },
};

/** Unlike reads of the object, these refuse a delete marker by name even where it is only the current version. */
async function retag(
  call: Call,
  versionId: string | undefined,
  tags: Tags | undefined,
): Promise<Readonly<Record<string, string>>> {
  const { storage, bucket, key } = call;
  const record = await storage.revise(bucket, key, versionId, (found): ObjectRecord => {
    if (found === undefined || isDeleteMarker(found)) throw versionError(call, versionId, found);
    return { ...found, tags };
  });
  return versionHeaders(storage.bucket(bucket), record);
}
