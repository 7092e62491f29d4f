/**
 * How S3 encrypts what is written, as headers: with its own keys, with keys of KMS, or with a key that the caller brings to every
 * request (SSE-C). Such a key is in no message and in no cache identity, only its digest is.
 */
import { createHash } from "node:crypto";
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";

/** The field's own words for keys that S3 or KMS chooses, or which key it is to be. */
export type ServerSideEncryption = "AES256" | "aws:kms" | "aws:kms:dsse" | KmsEncryption | CustomerEncryption;

/** With a key of KMS. */
export interface KmsEncryption {
  /** The key's ARN, id or alias. */
  readonly kmsKeyId: string;
  /** Written into KMS's log and needed for every decryption, which S3 asks for by itself. */
  readonly context?: Readonly<Record<string, string>> | undefined;
  /** Fewer requests to KMS. Default: the bucket's own setting. */
  readonly bucketKey?: boolean | undefined;
  readonly customerKey?: never;
}

/** With a key that goes with every request, and that S3 forgets. */
export interface CustomerEncryption {
  /** 32 bytes, or their base64. Whoever loses it has lost the objects. */
  readonly customerKey: Uint8Array | string;
  readonly kmsKeyId?: never;
}

type Headers = Readonly<Record<string, string>>;

const none: Headers = {};
const sseHeader = "x-amz-server-side-encryption";

export class Encryption {
  /** For the request that begins an object: PUT, CreateMultipartUpload, the target of a copy. */
  readonly write: Headers;
  /** For whatever touches an object's bytes or description: GET, HEAD, UploadPart. Only with a customer's key. */
  readonly object: Headers;
  /** For the source of a copy. */
  readonly copySource: Headers;
  /** The headers by which an answer to a write shows that it was done. */
  readonly echoes: readonly string[];
  /** What tells caches apart; empty but for a customer's key. */
  readonly identity: string;

  /** Errors: RangeError for a key that is none, misconfigured for a customer's key that would travel in clear text. */
  constructor(sse: ServerSideEncryption | undefined, isPrivate: boolean) {
    const customer = typeof sse === "object" && sse.customerKey !== undefined ? keyOf(sse.customerKey) : undefined;
    if (customer !== undefined && !isPrivate) {
      throw new EntrepotError("misconfigured", "a customer's key of encryption would travel in clear text", {
        hint: "Use an https endpoint; S3 itself refuses such a key over http.",
      });
    }
    this.object = customer === undefined ? none : customerHeaders(`${sseHeader}-customer`, customer);
    this.copySource =
      customer === undefined ? none : customerHeaders("x-amz-copy-source-server-side-encryption-customer", customer);
    this.write = customer === undefined ? managedHeaders(sse) : this.object;
    this.echoes = [`${sseHeader}${customer === undefined ? "" : "-customer-algorithm"}`].slice(
      sse === undefined ? 1 : 0,
    );
    this.identity =
      customer === undefined ? "" : `sse-c:${createHash("sha256").update(customer).digest("hex").slice(0, 32)}`;
  }
}

/** The server keeps in clear what was to be encrypted; not to be taken for a server that cannot do the request at all. */
export class NotEncrypted extends EntrepotError<"unsupported"> {}

/**
 * Holds the answer to a write against what was asked for. Error: unsupported, for a server that took no notice of it: then the object
 * lies there as it came.
 */
export function checkEncrypted(encryption: Encryption, answered: ResponseHeaders, uri: string): void {
  const missing = encryption.echoes.find((header) => answered[header] === undefined);
  if (missing === undefined) return;
  throw new NotEncrypted(
    "unsupported",
    `${uri}: the server took no notice of sse, and keeps what it gets unencrypted`,
    {
      uri,
      hint: "Remove what was written, if it must not lie there so; leave out sse, or use a server that encrypts.",
      retryable: false,
    },
  );
}

function managedHeaders(sse: ServerSideEncryption | undefined): Headers {
  if (sse === undefined) return none;
  const header = sseHeader;
  if (typeof sse === "string") return { [header]: checkedName(sse) };
  const { kmsKeyId, context, bucketKey } = sse as Partial<KmsEncryption>;
  if (typeof kmsKeyId !== "string" || kmsKeyId === "") {
    throw new RangeError("sse names neither a kmsKeyId nor a customerKey");
  }
  return {
    [header]: "aws:kms",
    [`${header}-aws-kms-key-id`]: kmsKeyId,
    ...(context === undefined
      ? undefined
      : { [`${header}-context`]: Buffer.from(JSON.stringify(context)).toString("base64") }),
    ...(bucketKey === undefined ? undefined : { [`${header}-bucket-key-enabled`]: String(bucketKey) }),
  };
}

const managed: readonly string[] = ["AES256", "aws:kms", "aws:kms:dsse"];

/** RangeError for a word that S3 does not know. */
function checkedName(sse: string): "AES256" | "aws:kms" | "aws:kms:dsse" {
  if (managed.includes(sse)) return sse as "AES256";
  throw new RangeError(`sse is ${JSON.stringify(sse)}, and not one of ${managed.join(", ")}`);
}

function keyOf(key: Uint8Array | string): Buffer {
  const bytes = typeof key === "string" ? Buffer.from(key, "base64") : Buffer.from(key);
  if (bytes.byteLength !== 32) throw new RangeError(`a customerKey has 32 bytes, not ${bytes.byteLength}`);
  return bytes;
}

function customerHeaders(start: string, key: Buffer): Headers {
  return {
    [`${start}-algorithm`]: "AES256",
    [`${start}-key`]: key.toString("base64"),
    [`${start}-key-md5`]: createHash("md5").update(key).digest("base64"),
  };
}
