/** GetObjectRetention and GetObjectLegalHold: no bucket here locks objects, and S3 says so. */
import { s3Error } from "../errors.ts";
import { openVersion, readVersionId } from "../object/versions.ts";
import type { Operation } from "../operation.ts";

export const getObjectRetention: Operation = unlocked("GetObjectRetention");
export const getObjectLegalHold: Operation = unlocked("GetObjectLegalHold");

function unlocked(name: string): Operation {
  return {
    name,
    async run(call) {
      openVersion(call, readVersionId(call.query.get("versionId"))).release();
      throw s3Error("InvalidRequest", { message: "Bucket is missing Object Lock Configuration" });
    },
  };
}
