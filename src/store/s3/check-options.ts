/** The options of a service that are words, numbers and keys, checked before anything is opened. */
import {
  type Check,
  isFlag,
  isString,
  isStrings,
  kindOfValue,
  mistakeInValues,
  shownValue,
} from "../../error/index.ts";
import { Encryption, type ServerSideEncryption } from "./encryption.ts";
import { type CoverOptions, checkedChecksums, checkedSigning } from "./upload-cover.ts";

export interface CheckableOptions extends CoverOptions {
  readonly sse?: ServerSideEncryption | undefined;
  readonly expectedBucketOwner?: string | undefined;
}

const isKey: Check = (value, name, what) =>
  typeof value === "string" || value instanceof Uint8Array
    ? undefined
    : new TypeError(`${name} of ${what} is 32 bytes or their base64, not ${kindOfValue(value)}`);
const sseChecks: ReadonlyMap<string, Check> = new Map(
  Object.entries({ kmsKeyId: isString, context: isStrings, bucketKey: isFlag, customerKey: isKey }),
);
const sseHints: Readonly<Record<string, string>> = {
  encryptionContext: "did you mean context?",
  keyId: "did you mean kmsKeyId?",
  SSEKMSKeyId: "did you mean kmsKeyId?",
  algorithm: 'the word alone says it: sse: "aws:kms"',
  type: 'the word alone says it: sse: "aws:kms"',
};

/** TypeError for an object that is none of the two that there are. */
function checkShape(sse: ServerSideEncryption): void {
  if (typeof sse === "string") return;
  if (typeof sse !== "object" || sse === null || Array.isArray(sse))
    throw new TypeError(`sse is a word, { kmsKeyId } or { customerKey }, not ${shownValue(sse)}`);
  const mistake = mistakeInValues("sse", sse, sseChecks, {
    hint: (name) => (Object.hasOwn(sseHints, name) ? sseHints[name] : undefined),
  });
  if (mistake !== undefined) throw mistake;
  if (sse.customerKey === undefined) return;
  const others = Object.entries(sse).filter(([name, value]) => name !== "customerKey" && value !== undefined);
  if (others.length > 0)
    throw new TypeError(
      `sse has a customerKey, and ${others.map(([name]) => name).join(", ")} of keys of KMS: choose one`,
    );
}

/** TypeError for what is no option of these; RangeError for one that means nothing. */
export function checkS3Options({ sse, expectedBucketOwner, checksums, payloadSigning }: CheckableOptions): void {
  if (sse !== undefined) checkShape(sse);
  new Encryption(sse, true);
  if (checksums !== undefined) checkedChecksums(checksums);
  if (payloadSigning !== undefined) checkedSigning(payloadSigning);
  if (expectedBucketOwner !== undefined && typeof expectedBucketOwner !== "string")
    throw new TypeError(
      `expectedBucketOwner is the 12 digits of an account as a string, not ${shownValue(expectedBucketOwner)}`,
    );
  if (expectedBucketOwner !== undefined && !/^\d{12}$/.test(expectedBucketOwner)) {
    throw new RangeError(
      `expectedBucketOwner is ${JSON.stringify(expectedBucketOwner)}, and not the 12 digits of an account`,
    );
  }
}
