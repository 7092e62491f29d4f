/** CompleteMultipartUpload: the parts that the client names become the object, all or nothing. */
import { quoted, xmlAnswer } from "../answer.ts";
import { assembleParts, type NamedPart } from "../assemble-parts.ts";
import { checksumHeader, parseAlgorithm } from "../checksums.ts";
import { writeGuard } from "../conditions.ts";
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../incoming-request.ts";
import type { Operation } from "../operation.ts";
import { maxPartNumber, parsePartNumber } from "../part-number.ts";
import { receiveText } from "../payload.ts";
import type { ObjectChecksumAlgorithm, ObjectRecord } from "../storage/records.ts";
import { childText, readXml, type XmlElement } from "../xml-reader.ts";
import { document, textElement } from "../xml-writer.ts";

const maxDocumentBytes = 4 * 1024 * 1024;

export const completeMultipartUpload: Operation = {
  name: "CompleteMultipartUpload",
  async run({ request, caller, storage, bucket, key, query, allows }) {
    const id = query.get("uploadId") ?? "";
    storage.upload(bucket, key, id);
    const guard = writeGuard(request, key);
    // Its checksum headers are about the object, not about this document.
    const text = await receiveText(withoutChecksums(request), caller, maxDocumentBytes);
    const given = parseParts(text);
    const named = allows.has("parts-in-any-order") ? given.toSorted((a, b) => a.number - b.number) : given;
    const record = await storage.completeUpload(
      bucket,
      key,
      id,
      (upload, parts) => {
        const object = assembleParts(upload, parts, named, request.nowMs);
        checkExpectations(request, object);
        return object;
      },
      guard,
    );
    const host = request.header("host") ?? "localhost";
    return xmlAnswer(
      document(
        "CompleteMultipartUploadResult",
        textElement("Location", `http://${host}${request.target.path}`),
        textElement("Bucket", bucket),
        textElement("Key", key),
        textElement("ETag", quoted(record.etag)),
        ...(record.checksum === undefined
          ? []
          : [
              textElement(`Checksum${record.checksum.algorithm}`, record.checksum.value),
              textElement("ChecksumType", record.checksum.type),
            ]),
      ),
    );
  },
};

function parseParts(text: string): readonly NamedPart[] {
  const root = readXml(text);
  const parts = root.children.filter(({ name }) => name === "Part").map(parsePart);
  if (root.name !== "CompleteMultipartUpload" || parts.length === 0 || parts.length > maxPartNumber) {
    throw s3Error("MalformedXML");
  }
  return parts;
}

function parsePart(part: XmlElement): NamedPart {
  const etag = childText(part, "ETag");
  if (etag === undefined) throw s3Error("MalformedXML");
  const checksums = new Map<ObjectChecksumAlgorithm, string>();
  for (const child of part.children) {
    const algorithm = child.name.startsWith("Checksum")
      ? parseAlgorithm(child.name.slice("Checksum".length))
      : undefined;
    if (algorithm !== undefined) checksums.set(algorithm, child.text.trim());
  }
  return { number: parsePartNumber(childText(part, "PartNumber")), etag: etag.trim().replaceAll('"', ""), checksums };
}

/** What the client says about the whole. Errors: BadDigest, InvalidRequest. */
function checkExpectations(request: IncomingRequest, object: ObjectRecord): void {
  const size = request.header("x-amz-mp-object-size");
  if (size !== undefined && size !== String(object.sizeBytes)) {
    throw s3Error("InvalidRequest", {
      message: `The provided 'x-amz-mp-object-size' header value ${size} does not match what was computed: ${object.sizeBytes}`,
    });
  }
  const { checksum } = object;
  if (checksum === undefined) return;
  const type = request.header("x-amz-checksum-type");
  if (type !== undefined && type.toUpperCase() !== checksum.type) {
    throw s3Error("InvalidRequest", {
      message: `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    });
  }
  const claimed = request.header(checksumHeader(checksum.algorithm));
  if (claimed === undefined || claimed === checksum.value || claimed === checksum.value.replace(/-\d+$/, "")) return;
  throw s3Error("BadDigest", {
    message: `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
  });
}

function withoutChecksums(request: IncomingRequest): IncomingRequest {
  const isAbout = (name: string) => /^x-amz-(?:checksum-|sdk-checksum-algorithm)/.test(name);
  return {
    ...request,
    header: (name) => (isAbout(name) ? undefined : request.header(name)),
    headerNames: () => request.headerNames().filter((name) => !isAbout(name)),
  };
}
