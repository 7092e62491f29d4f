/**
 * What covers the bytes of an upload on their way, so that the server refuses a wrong one: a checksum that it keeps with the
 * object, the signature, or both. Decided once per service.
 */
import type { ChecksumAlgorithm } from "../../checksum/index.ts";
import type { Endpoint } from "./endpoint.ts";

/** The checksums that S3 keeps with an object. */
export type UploadChecksum = Exclude<ChecksumAlgorithm, "MD5">;

/** The header, and the trailer, that brings one. */
export function checksumHeaderOf(algorithm: UploadChecksum): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

export interface CoverOptions {
  /**
   * `"auto"` (default): one on AWS; none on other servers, many of which refuse such headers and where the signature covers the
   * bytes. An algorithm: that one, everywhere. `"off"`: none.
   */
  readonly checksums?: "auto" | "off" | UploadChecksum | undefined;
  /**
   * Whether the signature covers the bytes. `"auto"` (default): not on AWS over TLS, where the checksum does at half the price.
   * `"always"` is for buckets whose policy wants it; `"never"` needs a server that takes `UNSIGNED-PAYLOAD`.
   */
  readonly payloadSigning?: "auto" | "always" | "never" | undefined;
}

const checksumNames: readonly string[] = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"];

/** RangeError for a word that means nothing. */
export function checkedChecksums(value: string): NonNullable<CoverOptions["checksums"]> {
  if (value === "auto" || value === "off" || checksumNames.includes(value)) return value as "auto";
  throw new RangeError(`checksums is ${JSON.stringify(value)}, and not one of auto, off, ${checksumNames.join(", ")}`);
}

/** RangeError for a word that means nothing. */
export function checkedSigning(value: string): NonNullable<CoverOptions["payloadSigning"]> {
  if (value === "auto" || value === "always" || value === "never") return value;
  throw new RangeError(`payloadSigning is ${JSON.stringify(value)}, and not one of auto, always, never`);
}

export class UploadCover {
  /** The checksum that goes with a body; `undefined` for none. */
  readonly checksum: UploadChecksum | undefined;
  /** Whether the caller named it: then a server that refuses it is an error, and nothing is left out in silence. */
  readonly isChosen: boolean;
  readonly signsPayload: boolean;

  /** RangeError for a word that means nothing. */
  constructor({ checksums = "auto", payloadSigning = "auto" }: CoverOptions, endpoint: Pick<Endpoint, "aws">) {
    const named = checkedChecksums(checksums);
    this.isChosen = named !== "auto" && named !== "off";
    this.checksum = named === "auto" ? (endpoint.aws ? "CRC32" : undefined) : named === "off" ? undefined : named;
    const signing = checkedSigning(payloadSigning);
    // Without a checksum the signature is all that covers the bytes.
    this.signsPayload = signing === "always" || (signing === "auto" && !(endpoint.aws && this.checksum !== undefined));
  }
}

/** What covers an upload, in words for `doctor`. RangeError for a word that means nothing. */
export function describeUploads(
  options: CoverOptions,
  endpoint: Pick<Endpoint, "aws">,
): { readonly checksums: string; readonly payloadSigning: string } {
  const { checksum, isChosen, signsPayload } = new UploadCover(options, endpoint);
  return {
    checksums:
      checksum === undefined ? "none with uploads" : `${checksum}${isChosen ? "" : " where the server takes it"}`,
    payloadSigning: signsPayload ? "signatures cover the bytes" : "TLS and the checksum cover the bytes",
  };
}
