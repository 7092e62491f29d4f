/** PutObject: a body that passes every check becomes the object, all or nothing. */
import { emptyAnswer, quoted } from "../answer.ts";
import { checksumHeaders } from "../body/checksums.ts";
import { announcedLength } from "../body/payload.ts";
import { recordOf, stageBody } from "../body/stage-body.ts";
import { writeGuard } from "../object/conditions.ts";
import { encryptionHeaders, etagOf } from "../object/encryption.ts";
import { readSettings } from "../object/object-settings.ts";
import { newVersionHeaders, refuseVersionId } from "../object/versions.ts";
import type { Operation } from "../operation.ts";

export const putObject: Operation = {
  name: "PutObject",
  async run(call) {
    const { request, caller, storage, bucket, key } = call;
    storage.bucket(bucket);
    refuseVersionId(call);
    const settings = readSettings(request);
    const guard = writeGuard(request, key);
    // A write that cannot succeed is refused before its body is read; the guard decides again when it is.
    guard?.(storage.find(bucket, key));
    const staged = await stageBody(storage, request, caller, announcedLength(request, caller));
    const { encryption } = settings;
    const etag = etagOf(staged.payload.md5, encryption);
    const put = await storage.put(bucket, { key, ...settings, ...recordOf(staged, request.nowMs), etag }, guard);
    const described = { ...checksumHeaders(staged.payload.checksum), ...encryptionHeaders(encryption) };
    return emptyAnswer(200, { etag: quoted(etag), ...described, ...newVersionHeaders(put) });
  },
};
