/** CreateMultipartUpload: takes down what the object will be like; its bytes come in parts. */
import { randomBytes } from "node:crypto";
import { xmlAnswer } from "../answer.ts";
import { requestedChecksum } from "../body/checksums.ts";
import { encryptionHeaders } from "../object/encryption.ts";
import { readSettings } from "../object/object-settings.ts";
import type { Operation } from "../operation.ts";
import { document, textElement } from "../xml/xml-writer.ts";

export const createMultipartUpload: Operation = {
  name: "CreateMultipartUpload",
  async run({ request, storage, bucket, key }) {
    const settings = readSettings(request);
    const checksum = requestedChecksum(request);
    const id = randomBytes(32).toString("hex");
    await storage.createUpload(bucket, { id, key, createdMs: request.nowMs, checksum, ...settings });
    return xmlAnswer(
      document(
        "InitiateMultipartUploadResult",
        textElement("Bucket", bucket),
        textElement("Key", key),
        textElement("UploadId", id),
      ),
      {
        ...encryptionHeaders(settings.encryption),
        ...(checksum === undefined
          ? {}
          : { "x-amz-checksum-algorithm": checksum.algorithm, "x-amz-checksum-type": checksum.type }),
      },
    );
  },
};
