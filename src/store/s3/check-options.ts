/** The options of a service that are words, numbers and keys, checked before anything is opened. */
import { Encryption, type ServerSideEncryption } from "./encryption.ts";
import { type CoverOptions, checkedChecksums, checkedSigning } from "./upload-cover.ts";

export interface CheckableOptions extends CoverOptions {
  readonly sse?: ServerSideEncryption | undefined;
  readonly expectedBucketOwner?: string | undefined;
}

/** RangeError for one that means nothing. */
export function checkS3Options({ sse, expectedBucketOwner, checksums, payloadSigning }: CheckableOptions): void {
  new Encryption(sse, true);
  if (checksums !== undefined) checkedChecksums(checksums);
  if (payloadSigning !== undefined) checkedSigning(payloadSigning);
  if (expectedBucketOwner !== undefined && !/^\d{12}$/.test(expectedBucketOwner)) {
    throw new RangeError(
      `expectedBucketOwner is ${JSON.stringify(expectedBucketOwner)}, and not the 12 digits of an account`,
    );
  }
}
