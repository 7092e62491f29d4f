/** GetObjectAttributes: what HEAD tells and more, as a document, only what is asked for. */
import { xmlAnswer } from "../answer.ts";
import { checksumElement, checksumElements } from "../body/checksums.ts";
import { httpDate } from "../dates.ts";
import { s3Error } from "../errors.ts";
import { checkRead } from "../object/conditions.ts";
import { requireCustomerKey } from "../object/encryption.ts";
import { openVersion, readVersionId, versionHeaders } from "../object/versions.ts";
import type { Call, Operation } from "../operation.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { ObjectRecord } from "../storage/records.ts";
import { document, element, textElement, type Xml } from "../xml/xml-writer.ts";

const known: ReadonlySet<string> = new Set(["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]);

export const getObjectAttributes: Operation = {
  name: "GetObjectAttributes",
  async run(call) {
    const { request, storage, bucket, query } = call;
    const versionId = readVersionId(query.get("versionId"));
    storage.bucket(bucket);
    const wanted = readAttributes(request);
    const object = openVersion(call, versionId);
    object.release();
    const { record } = object;
    requireCustomerKey(request, record.encryption);
    if (checkRead(request, record) === "not-modified") return { status: 304 };
    const asked = (name: string, xml: () => Xml) => (wanted.includes(name) ? xml() : "");
    return xmlAnswer(
      document(
        "GetObjectAttributesResponse",
        asked("ETag", () => textElement("ETag", record.etag)),
        asked("Checksum", () => wholeChecksum(record)),
        asked("ObjectParts", () => partsElement(call, record)),
        asked("StorageClass", () => textElement("StorageClass", record.storageClass)),
        asked("ObjectSize", () => textElement("ObjectSize", record.sizeBytes)),
      ),
      { "last-modified": httpDate(record.modifiedMs), ...versionHeaders(storage.bucket(bucket), record) },
    );
  },
};

/** Errors: InvalidRequest, InvalidArgument. */
function readAttributes(request: IncomingRequest): readonly string[] {
  const header = request.header("x-amz-object-attributes") ?? "";
  if (header.trim() === "") {
    throw s3Error("InvalidRequest", {
      message:
        "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
    });
  }
  const wanted = header.split(",").map((name) => name.trim());
  const stranger = wanted.find((name) => !known.has(name));
  if (stranger === undefined) return wanted;
  throw s3Error("InvalidArgument", {
    message: "Invalid attribute name specified.",
    details: { ArgumentName: "x-amz-object-attributes", ArgumentValue: stranger },
  });
}

function wholeChecksum({ checksum }: ObjectRecord): Xml {
  return checksum === undefined ? "" : element("Checksum", ...checksumElements(checksum));
}

function partsElement({ request }: Call, record: ObjectRecord): Xml {
  if (record.parts === undefined) return "";
  const count = textElement("PartsCount", record.parts.length);
  // Like S3, their number alone unless each has a checksum that counts.
  if (record.checksum?.type !== "COMPOSITE") return element("ObjectParts", count);
  const limit = Math.min(countHeader(request, "x-amz-max-parts") ?? 1000, 1000);
  const after = countHeader(request, "x-amz-part-number-marker") ?? 0;
  const rest = record.parts.filter(({ number }) => number > after);
  const page = rest.slice(0, limit);
  return element(
    "ObjectParts",
    count,
    textElement("PartNumberMarker", after),
    textElement("NextPartNumberMarker", page.at(-1)?.number ?? 0),
    textElement("MaxParts", limit),
    textElement("IsTruncated", page.length < rest.length),
    ...page.map(({ number, sizeBytes, checksum }) =>
      element("Part", textElement("PartNumber", number), textElement("Size", sizeBytes), checksumElement(checksum)),
    ),
  );
}

/** S3 passes over what is no number (https://github.com/versity/versitygw/issues/1806). */
function countHeader(request: IncomingRequest, name: string): number | undefined {
  const text = request.header(name) ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
