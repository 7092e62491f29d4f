/** The checksums that a request brings or asks for, in `x-amz-checksum-*` and its companions. */
import { type DigestAlgorithm, digestLengths } from "../digest/running-digest.ts";
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { ChecksumType, ObjectChecksumAlgorithm, StoredChecksum } from "../storage/records.ts";
import { textElement, type Xml } from "../xml/xml-writer.ts";

/** All but the first three are of a whole upload in parts only as a composite. */
const algorithms: readonly ObjectChecksumAlgorithm[] = [
  ...(["CRC32", "CRC32C", "CRC64NVME"] as const),
  ...(["MD5", "SHA1", "SHA256", "SHA512", "XXHASH128", "XXHASH3", "XXHASH64"] as const),
];

/** What S3 computes of an object for which no algorithm was named. */
export const defaultAlgorithm: ObjectChecksumAlgorithm = "CRC64NVME";

/** What the body is to be held against. */
export interface ExpectedChecksum {
  readonly algorithm: ObjectChecksumAlgorithm;
  /** Base64; undefined when it comes in a trailer. */
  readonly value: string | undefined;
}

/** `x-amz-checksum-crc32` for CRC32. */
export function checksumHeader(algorithm: ObjectChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** Whether a header of a request says anything about checksums; names in lower case. */
export function isChecksumHeader(name: string): boolean {
  return /^x-amz-(?:checksum-|sdk-checksum-algorithm$)/.test(name);
}

/** The algorithm of that name; undefined when S3 has none such. */
export function parseAlgorithm(name: string): ObjectChecksumAlgorithm | undefined {
  return algorithms.find((algorithm) => algorithm === name.toUpperCase());
}

/** What a request says about its body; undefined when it says nothing. Error: InvalidRequest. */
export function expectedChecksum(request: IncomingRequest): ExpectedChecksum | undefined {
  const named = request.headerNames().filter((name) => /^x-amz-checksum-(?!mode$|algorithm$|type$)/.test(name));
  const trailer = request.header("x-amz-trailer")?.trim().toLowerCase();
  if (named.length + (trailer === undefined ? 0 : 1) > 1) {
    throw invalid("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  }
  const [header] = named;
  const source = header ?? trailer;
  if (source === undefined) {
    if (request.header("x-amz-sdk-checksum-algorithm") === undefined) return undefined;
    throw invalid(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  const algorithm = algorithms.find((one) => checksumHeader(one) === source);
  if (algorithm === undefined) {
    throw invalid(
      header === undefined
        ? "The value specified in the x-amz-trailer header is not supported"
        : "The algorithm type you specified in x-amz-checksum- header is invalid.",
    );
  }
  const announced = request.header("x-amz-sdk-checksum-algorithm");
  if (announced !== undefined && announced.toUpperCase() !== algorithm) {
    throw invalid("Value for x-amz-sdk-checksum-algorithm header is invalid.");
  }
  const value = header === undefined ? undefined : request.header(header);
  if (value !== undefined && !isDigest(algorithm, value)) throw invalid(`Value for ${source} header is invalid.`);
  return { algorithm, value };
}

/** Whether `value` is base64 of as many bytes as the algorithm yields. */
export function isDigest(algorithm: DigestAlgorithm, value: string): boolean {
  const bytes = Buffer.from(value, "base64");
  return bytes.length === digestLengths[algorithm] && bytes.toString("base64") === value;
}

/** Headers that give a checksum back. */
export function checksumHeaders(checksum: StoredChecksum | undefined): Readonly<Record<string, string>> {
  if (checksum === undefined) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type };
}

/** Elements of documents that give a checksum back: its value, and what it is over. */
export function checksumElements(checksum: StoredChecksum | undefined): readonly Xml[] {
  if (checksum === undefined) return [];
  return [checksumElement(checksum), textElement("ChecksumType", checksum.type)];
}

/** Its value alone, as of parts. `""` for none. */
export function checksumElement(checksum: StoredChecksum | undefined): Xml {
  return checksum === undefined ? "" : textElement(`Checksum${checksum.algorithm}`, checksum.value);
}

/** The algorithm and type that an upload in parts, or a copy, asks for. Error: InvalidRequest. */
export function requestedChecksum(
  request: IncomingRequest,
): { readonly algorithm: ObjectChecksumAlgorithm; readonly type: ChecksumType } | undefined {
  const name = request.header("x-amz-checksum-algorithm");
  const type = request.header("x-amz-checksum-type")?.toUpperCase();
  if (type !== undefined && type !== "FULL_OBJECT" && type !== "COMPOSITE") {
    throw invalid("Value for x-amz-checksum-type header is invalid.");
  }
  if (name === undefined) {
    if (type === undefined) return undefined;
    throw invalid("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
  }
  const algorithm = parseAlgorithm(name);
  if (algorithm === undefined) {
    throw invalid(
      `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${algorithms.join(", ")}]`,
    );
  }
  const whole = algorithm === "CRC64NVME";
  if (type === undefined) return { algorithm, type: whole ? "FULL_OBJECT" : "COMPOSITE" };
  if (whole ? type === "COMPOSITE" : type === "FULL_OBJECT" && !algorithm.startsWith("CRC")) {
    throw invalid(`The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`);
  }
  return { algorithm, type };
}

function invalid(message: string): Error {
  return s3Error("InvalidRequest", { message });
}
