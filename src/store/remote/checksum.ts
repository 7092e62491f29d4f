/**
 * What an answer announces of the bytes of a whole object: a checksum of all of them or of its parts, or an ETag that may be an
 * MD5. And the running one to hold against it.
 */
import { hash } from "node:crypto";
import { type ChecksumAlgorithm, checksumOf, type RunningChecksum, startChecksum } from "../../checksum/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import { combineDigests } from "./combine-digests.ts";
import type { Findings } from "./findings.ts";

/** In the order of what they cost here: a server that sends several leaves us the choice. */
const algorithms: readonly (readonly [header: string, algorithm: ChecksumAlgorithm])[] = [
  ["x-amz-checksum-crc32", "CRC32"],
  ["x-amz-checksum-sha1", "SHA1"],
  ["x-amz-checksum-sha256", "SHA256"],
  ["x-amz-checksum-crc32c", "CRC32C"],
  ["x-amz-checksum-crc64nvme", "CRC64NVME"],
];

/** What is to be found at the end. */
export interface Announced {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64. */
  readonly value: string;
  /** 0: of all bytes. Else the checksum of so many parts' checksums. */
  readonly parts: number;
  /** Whether it is an ETag, which is an MD5 on some servers only. */
  readonly fromEtag: boolean;
}

/** A running checksum and the value that it is to have. */
export interface ExpectedChecksum {
  readonly announced: Announced;
  /** Whether a mismatch may be our own mistake: an ETag that is no MD5, parts that are not as long as was assumed. */
  readonly guessed: boolean;
  update(chunk: Uint8Array): void;
  /** Base64, of all bytes so far. To be asked at the end. */
  computed(): string;
  /** The same expectation, before the first byte. */
  again(): ExpectedChecksum;
}

/** What the answer says, with its best word; `undefined` when it says nothing that can be verified. */
export function announcedChecksum(headers: ResponseHeaders, findings: Findings | undefined): Announced | undefined {
  const composite = headers["x-amz-checksum-type"] === "COMPOSITE";
  let ofParts: Announced | undefined;
  for (const [header, algorithm] of algorithms) {
    const value = headers[header];
    if (value === undefined) continue;
    const dash = value.indexOf("-");
    if (dash === -1 && !composite) return { algorithm, value, parts: 0, fromEtag: false };
    const parts = dash === -1 ? (etagParts(headers.etag) ?? 0) : countOf(value.slice(dash + 1));
    if (parts > 0) ofParts ??= { algorithm, value: dash === -1 ? value : value.slice(0, dash), parts, fromEtag: false };
  }
  return ofParts ?? announcedByEtag(headers, findings);
}

/** Those of all bytes that the answer names, base64; of parts' checksums none. */
export function wholeChecksums(headers: ResponseHeaders): Partial<Record<ChecksumAlgorithm, string>> {
  const found: Partial<Record<ChecksumAlgorithm, string>> = {};
  if (headers["x-amz-checksum-type"] === "COMPOSITE") return found;
  for (const [header, algorithm] of algorithms) {
    const value = headers[header];
    if (value !== undefined && !value.includes("-")) found[algorithm] = value;
  }
  return found;
}

/** The ETag as an MD5, or as the MD5 of the parts' MD5s, where it can be one. */
function announcedByEtag(headers: ResponseHeaders, findings: Findings | undefined): Announced | undefined {
  const { etag } = headers;
  if (findings === undefined || etag?.charCodeAt(0) !== 0x22 || etag.length < 34) return undefined;
  const match = /^"([0-9a-f]{32})(?:-(\d{1,5}))?"$/.exec(etag);
  if (match === null) return undefined;
  // Under a key of its own an object's ETag is no digest of what is read.
  if (headers["x-amz-server-side-encryption"]?.startsWith("aws:kms") === true) return undefined;
  if (headers["x-amz-server-side-encryption-customer-algorithm"] !== undefined) return undefined;
  const parts = match[2] === undefined ? 0 : countOf(match[2]);
  if (match[2] === undefined ? !findings.etagsAreMd5 : parts === 0 || !findings.etagsAreMd5OfParts) return undefined;
  return { algorithm: "MD5", value: Buffer.from(match[1] ?? "", "hex").toString("base64"), parts, fromEtag: true };
}

function etagParts(etag: string | undefined): number | undefined {
  const match = /^"[0-9a-f]{32}-(\d{1,5})"$/.exec(etag ?? "");
  return match === null ? undefined : countOf(match[1] ?? "");
}

/** The number of parts; 0 for what is none. */
function countOf(text: string): number {
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
}

/** Of all bytes, in one piece or in many. */
export class WholeChecksum implements ExpectedChecksum {
  readonly announced: Announced;
  readonly guessed: boolean;
  readonly #sizeBytes: number;
  #running: RunningChecksum | undefined;
  #combined: Uint8Array<ArrayBuffer> | undefined;
  #computed: string | undefined;

  constructor(announced: Announced, sizeBytes: number) {
    this.announced = announced;
    this.guessed = announced.fromEtag;
    this.#sizeBytes = sizeBytes;
  }

  update(chunk: Uint8Array): void {
    if (this.#running === undefined) {
      // Small objects come in one piece, for which a hash object would cost more than the hashing.
      if (chunk.byteLength === this.#sizeBytes && this.#computed === undefined) {
        this.#computed = checksumInBase64(this.announced.algorithm, chunk);
        return;
      }
      this.#running = startChecksum(this.announced.algorithm);
    }
    this.#running.update(chunk);
  }

  /** Adds bytes that were digested elsewhere, to be followed by no others; of a CRC only. */
  append(digest: Uint8Array<ArrayBuffer>, bytes: number): void {
    const { algorithm } = this.announced;
    this.#combined = combineDigests(algorithm, this.#combined ?? this.#ended(), digest, bytes);
  }

  computed(): string {
    this.#computed ??= toBase64(this.#combined ?? this.#ended());
    return this.#computed;
  }

  again(): WholeChecksum {
    return new WholeChecksum(this.announced, this.#sizeBytes);
  }

  #ended(): Uint8Array<ArrayBuffer> {
    return (this.#running ?? startChecksum(this.announced.algorithm)).digest();
  }
}

/** In one call where the platform has one. */
function checksumInBase64(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  if (algorithm === "MD5" || algorithm === "SHA1" || algorithm === "SHA256") return hash(algorithm, bytes, "base64");
  return toBase64(checksumOf(algorithm, bytes));
}

export function toBase64(digest: Uint8Array<ArrayBuffer>): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString("base64");
}
