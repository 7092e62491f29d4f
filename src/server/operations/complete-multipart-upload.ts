/** CompleteMultipartUpload: the parts that the client names become the object, all or nothing. */
import { quoted, xmlAnswer } from "../answer.ts";
import { assembleParts, type NamedPart } from "../body/assemble-parts.ts";
import { checksumElements, isChecksumHeader, isDigest, parseAlgorithm } from "../body/checksums.ts";
import { maxPartNumber, parsePartNumber } from "../body/part-number.ts";
import { receiveText } from "../body/payload.ts";
import { s3Error } from "../errors.ts";
import { writeGuard } from "../object/conditions.ts";
import { newVersionHeaders } from "../object/versions.ts";
import type { Operation } from "../operation.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { withoutHeaders } from "../request/rewrite-request.ts";
import type { ObjectChecksumAlgorithm, ObjectRecord } from "../storage/records.ts";
import { childText, readXml, type XmlElement } from "../xml/xml-reader.ts";
import { document, textElement } from "../xml/xml-writer.ts";

const maxDocumentBytes = 4 * 1024 * 1024;

export const completeMultipartUpload: Operation = {
  name: "CompleteMultipartUpload",
  async run({ request, caller, storage, bucket, key, query, allows }) {
    const id = query.get("uploadId") ?? "";
    storage.upload(bucket, key, id);
    const guard = writeGuard(request, key);
    // Its checksum headers are about the object, not about this document.
    const text = await receiveText(withoutHeaders(request, isChecksumHeader), caller, maxDocumentBytes);
    const given = parseParts(text);
    const named = allows?.has("parts-in-any-order") ? given.toSorted((a, b) => a.number - b.number) : given;
    const claim = claimedWhole(request);
    const record = await storage.completeUpload(
      bucket,
      key,
      id,
      (upload, parts) => {
        const object = assembleParts(upload, parts, named, request.nowMs);
        checkExpectations(claim, object);
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
        ...checksumElements(record.checksum),
      ),
      newVersionHeaders(record),
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
  const number = childText(part, "PartNumber");
  if (etag === undefined || number === undefined) throw s3Error("MalformedXML");
  const checksums = new Map<ObjectChecksumAlgorithm, string>();
  for (const child of part.children) {
    const algorithm = child.name.startsWith("Checksum")
      ? parseAlgorithm(child.name.slice("Checksum".length))
      : undefined;
    if (algorithm !== undefined) checksums.set(algorithm, child.text.trim());
  }
  const [claimed] = checksums;
  if (checksums.size > 1 || (claimed !== undefined && !isDigest(...claimed))) {
    const shown = [...checksums].map(([algorithm, value]) => (checksums.size > 1 ? `${algorithm}:${value};` : value));
    throw s3Error("InvalidArgument", {
      message: "Invalid Base64 or multiple checksums present in request",
      details: { ArgumentName: "Checksum", ArgumentValue: shown.join("") },
    });
  }
  if (/^-?\d+$/.test(number) && Number(number) < 1) {
    throw s3Error("InvalidArgument", {
      message: "PartNumber must be >= 1",
      details: { ArgumentName: "PartNumber", ArgumentValue: number },
    });
  }
  return { number: parsePartNumber(number), etag: etag.trim().replaceAll('"', ""), checksums };
}

/** What the client says about the whole. */
interface Claim {
  readonly sizeBytes: string | undefined;
  readonly type: string | undefined;
  readonly algorithm: ObjectChecksumAlgorithm | undefined;
  readonly value: string | undefined;
}

/** Errors: InvalidRequest. */
function claimedWhole(request: IncomingRequest): Claim {
  const sizeBytes = request.header("x-amz-mp-object-size");
  if (sizeBytes?.startsWith("-")) {
    throw invalid(`Value for x-amz-mp-object-size header is less than zero: '${sizeBytes}'`);
  }
  const type = request.header("x-amz-checksum-type")?.toUpperCase();
  if (type !== undefined && type !== "FULL_OBJECT" && type !== "COMPOSITE") {
    throw invalid("Value for x-amz-checksum-type header is invalid.");
  }
  const [header, more] = request.headerNames().filter((name) => /^x-amz-checksum-(?!type$|algorithm$)/.test(name));
  if (more !== undefined) {
    throw invalid("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  }
  if (header === undefined) return { sizeBytes, type, algorithm: undefined, value: undefined };
  const algorithm = parseAlgorithm(header.slice("x-amz-checksum-".length));
  const value = request.header(header) ?? "";
  // A composite one may come with the number of its parts.
  if (algorithm === undefined || !isDigest(algorithm, value.replace(/-\d+$/, ""))) {
    throw invalid(`Value for ${header} header is invalid.`);
  }
  return { sizeBytes, type, algorithm, value };
}

/** Errors: BadDigest, InvalidRequest. */
function checkExpectations({ sizeBytes, type, algorithm, value }: Claim, object: ObjectRecord): void {
  if (sizeBytes !== undefined && sizeBytes !== String(object.sizeBytes)) {
    throw invalid(
      `The provided 'x-amz-mp-object-size' header value ${sizeBytes} does not match what was computed: ${object.sizeBytes}`,
    );
  }
  const { checksum } = object;
  if (checksum === undefined) return;
  if (type !== undefined && type !== checksum.type) {
    throw invalid(
      `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  if (algorithm !== checksum.algorithm || value === checksum.value || value === checksum.value.replace(/-\d+$/, "")) {
    return;
  }
  throw s3Error("BadDigest", {
    message: `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
  });
}

function invalid(message: string): Error {
  return s3Error("InvalidRequest", { message });
}
