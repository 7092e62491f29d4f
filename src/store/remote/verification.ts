/**
 * Holds the bytes of one version against what its server announced of them: nothing, a checksum of all, or one of parts whose ends
 * must be asked for first.
 */
import type { ChecksumAlgorithm } from "../../checksum/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import type { ObjectInfo } from "../object-store.ts";
import { announcedChecksum, type ExpectedChecksum, WholeChecksum } from "./checksum.ts";
import { isCombinable } from "./combine-digests.ts";
import { isStrongEtag } from "./etag.ts";
import type { Findings } from "./findings.ts";
import { PartsChecksum } from "./parts-checksum.ts";
import { type AskLayout, PendingLayout } from "./pending-layout.ts";

/** What verifying needs of the request. */
export interface VerifiedRequest {
  readonly uri: string;
  /** What is known of the server; without them no ETag is taken for a digest. */
  readonly findings: Findings | undefined;
  /** Asks where the parts of an object end that was uploaded in parts, for servers that can tell. */
  readonly layout: ((info: ObjectInfo, ...question: Parameters<AskLayout>) => ReturnType<AskLayout>) | undefined;
}

export class Verification {
  readonly #uri: string;
  #checksum: ExpectedChecksum | undefined;
  #layout: PendingLayout | undefined;

  /** For the whole of a version, whose answer's headers are given. */
  constructor(request: VerifiedRequest, info: ObjectInfo, headers: ResponseHeaders) {
    this.#uri = request.uri;
    const announced = announcedChecksum(headers, request.findings);
    if (announced === undefined) return;
    if (announced.parts === 0) {
      this.#checksum = new WholeChecksum(announced, info.sizeBytes);
      return;
    }
    const checksum = new PartsChecksum(announced, info.sizeBytes);
    const { layout } = request;
    if (!checksum.isSettled) {
      // A guess about parts can only be looked at again in the same version.
      if (layout === undefined || !isStrongEtag(info.etag)) return;
      this.#layout = new PendingLayout(checksum, (parts, signal) => layout.call(request, info, parts, signal));
    }
    this.#checksum = checksum;
  }

  /** Settles when it is known where the object's parts end, or that it will not be known. */
  get answered(): Promise<void> | undefined {
    return this.#layout?.answered;
  }

  /** The expectation that the bytes did not meet although they may be right. */
  get doubt(): ExpectedChecksum | undefined {
    return this.#checksum?.guessed === true ? this.#checksum : undefined;
  }

  /** What is computed, and whether only of the bytes in their order. */
  get computing(): { readonly algorithm: ChecksumAlgorithm; readonly inOrder: boolean } | undefined {
    const checksum = this.#checksum;
    if (checksum === undefined) return undefined;
    const { algorithm } = checksum.announced;
    return { algorithm, inOrder: !(checksum instanceof WholeChecksum && isCombinable(algorithm)) };
  }

  /** Whether the bytes before `end` can pass now; else `answered` has to be awaited. */
  mayPass(end: number): boolean {
    const [layout, checksum] = [this.#layout, this.#checksum];
    if (layout === undefined) return true;
    if (layout.usable === undefined) return checksum instanceof PartsChecksum && end <= checksum.certainBytes;
    if (!layout.usable) this.#checksum = undefined;
    this.#layout = undefined;
    return true;
  }

  update(chunk: Uint8Array): void {
    this.#checksum?.update(chunk);
  }

  /** Bytes that were digested elsewhere. */
  append(digest: Uint8Array<ArrayBuffer>, bytes: number): void {
    if (this.#checksum instanceof WholeChecksum) this.#checksum.append(digest, bytes);
  }

  /** What the bytes were held against. Error: integrity. */
  verified(): "checksum" | "length" {
    const checksum = this.#checksum;
    if (checksum === undefined) return "length";
    const { algorithm, value } = checksum.announced;
    if (checksum.computed() === value) return "checksum";
    const words = `${this.#uri}: the bytes do not match the ${algorithm} that the server announced`;
    throw new EntrepotError("integrity", words, { uri: this.#uri });
  }

  /** Takes the bytes as they are: what they were held against says nothing of them. */
  drop(): void {
    this.end();
    this.#checksum = undefined;
  }

  /** Leaves no question behind. */
  end(): void {
    this.#layout?.end();
    this.#layout = undefined;
  }
}

/** Whether these are all the bytes, by a checksum of them. */
export function isAnnounced(bytes: Uint8Array, headers: ResponseHeaders): boolean {
  const announced = announcedChecksum(headers, undefined);
  if (announced === undefined || announced.parts > 0) return false;
  const checksum = new WholeChecksum(announced, bytes.byteLength);
  checksum.update(bytes);
  return checksum.computed() === announced.value;
}
