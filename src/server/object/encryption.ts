/**
 * How an object is said to be encrypted, and the customer's keys that guard some of them. The bytes themselves lie in clear on this
 * server: what is true here is who gets them, and what answers say.
 */
import { hash, randomBytes } from "node:crypto";
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";

export interface ObjectEncryption {
  readonly algorithm: "AES256" | "aws:kms" | "aws:kms:dsse";
  readonly kmsKeyId?: string | undefined;
  readonly bucketKey?: boolean | undefined;
  /** Base64, of the key that every reader must bring. */
  readonly customerKeyMd5?: string | undefined;
}

const start = "x-amz-server-side-encryption";
const defaultKey = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000";

/** What a write asks for. Error: InvalidArgument. */
export function readEncryption(request: IncomingRequest): ObjectEncryption | undefined {
  const customerKeyMd5 = readCustomerKey(request, start);
  const named = request.header(start);
  if (customerKeyMd5 !== undefined) {
    if (named !== undefined) {
      throw s3Error("InvalidArgument", {
        message:
          "Server Side Encryption with Customer provided key is incompatible with the encryption method specified",
      });
    }
    return { algorithm: "AES256", customerKeyMd5 };
  }
  if (named === undefined) return undefined;
  if (named !== "AES256" && named !== "aws:kms" && named !== "aws:kms:dsse") {
    throw s3Error("InvalidArgument", {
      message: "The encryption method specified is not supported",
      details: { ArgumentName: start, ArgumentValue: named },
    });
  }
  if (named === "AES256") return { algorithm: named };
  const bucketKey = request.header(`${start}-bucket-key-enabled`)?.toLowerCase() === "true";
  return { algorithm: named, kmsKeyId: request.header(`${start}-aws-kms-key-id`) ?? defaultKey, bucketKey };
}

/** What answers about the object say of it. */
export function encryptionHeaders(encryption: ObjectEncryption | undefined): Record<string, string> {
  if (encryption === undefined) return {};
  const { algorithm, kmsKeyId, bucketKey, customerKeyMd5 } = encryption;
  if (customerKeyMd5 !== undefined) {
    return { [`${start}-customer-algorithm`]: algorithm, [`${start}-customer-key-md5`]: customerKeyMd5 };
  }
  return {
    [start]: algorithm,
    ...(kmsKeyId === undefined ? {} : { [`${start}-aws-kms-key-id`]: kmsKeyId }),
    ...(bucketKey === true ? { [`${start}-bucket-key-enabled`]: "true" } : {}),
  };
}

/** Of what this server encrypts with other keys than its own, the entity tag is no MD5. */
export function etagOf(md5: string, encryption: ObjectEncryption | undefined): string {
  if (encryption === undefined || (encryption.algorithm === "AES256" && encryption.customerKeyMd5 === undefined)) {
    return md5;
  }
  return hash("md5", Buffer.concat([randomBytes(16), Buffer.from(md5)]));
}

/** Holds the key that a request brings against that of the object. Errors: InvalidRequest, AccessDenied. */
export function requireCustomerKey(
  request: IncomingRequest,
  encryption: ObjectEncryption | undefined,
  prefix: "x-amz-server-side-encryption" | "x-amz-copy-source-server-side-encryption" = start,
): void {
  const brought = readCustomerKey(request, prefix);
  const wanted = encryption?.customerKeyMd5;
  if (brought === wanted) return;
  if (wanted === undefined) {
    throw s3Error("InvalidRequest", {
      message: "The encryption parameters are not applicable to this object.",
    });
  }
  if (brought === undefined) {
    throw s3Error("InvalidRequest", {
      message:
        "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
    });
  }
  throw s3Error("AccessDenied", {
    message:
      "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.",
  });
}

/** The MD5 of the customer's key that a request brings. Error: InvalidArgument. */
function readCustomerKey(request: IncomingRequest, prefix: string): string | undefined {
  const [algorithm, key, md5] = ["algorithm", "key", "key-md5"].map((part) =>
    request.header(`${prefix}-customer-${part}`),
  );
  if (algorithm === undefined && key === undefined && md5 === undefined) return undefined;
  const bytes = Buffer.from(key ?? "", "base64");
  const isWhole = algorithm === "AES256" && bytes.byteLength === 32;
  if (isWhole && md5 === hash("md5", bytes, "base64")) return md5;
  throw s3Error("InvalidArgument", {
    message: isWhole
      ? "The calculated MD5 hash of the key did not match the hash that was provided."
      : "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.",
    details: { ArgumentName: `${prefix}-customer-key` },
  });
}
