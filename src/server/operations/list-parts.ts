/** ListParts: the parts of an unfinished upload, a thousand at a time. */
import { quoted, xmlAnswer } from "../answer.ts";
import { checksumElement } from "../body/checksums.ts";
import { isoMillis } from "../dates.ts";
import { readLimit } from "../listing/page-limit.ts";
import type { Operation } from "../operation.ts";
import { personElement } from "../person.ts";
import { document, element, textElement } from "../xml/xml-writer.ts";

export const listParts: Operation = {
  name: "ListParts",
  async run({ storage, bucket, key, query }) {
    const upload = storage.upload(bucket, key, query.get("uploadId") ?? "");
    const limit = readLimit(query, "max-parts", 1000);
    const marker = readLimit(query, "part-number-marker", Number.MAX_SAFE_INTEGER);
    const after = query.has("part-number-marker") ? marker : 0;
    const rest = storage.parts(bucket, upload.id).filter(({ number }) => number > after);
    const page = rest.slice(0, limit);
    return xmlAnswer(
      document(
        "ListPartsResult",
        textElement("Bucket", bucket),
        textElement("Key", key),
        textElement("UploadId", upload.id),
        textElement("PartNumberMarker", after),
        textElement("NextPartNumberMarker", page.at(-1)?.number ?? 0),
        textElement("MaxParts", limit),
        textElement("IsTruncated", page.length < rest.length && limit > 0),
        personElement("Initiator"),
        personElement("Owner"),
        textElement("StorageClass", upload.storageClass),
        textElement("ChecksumAlgorithm", upload.checksum?.algorithm),
        textElement("ChecksumType", upload.checksum?.type),
        ...page.map((part) =>
          element(
            "Part",
            textElement("PartNumber", part.number),
            textElement("LastModified", isoMillis(part.modifiedMs)),
            textElement("ETag", quoted(part.etag)),
            textElement("Size", part.sizeBytes),
            checksumElement(part.checksum),
          ),
        ),
      ),
    );
  },
};
