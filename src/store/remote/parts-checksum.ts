/**
 * The checksum of an object's parts' checksums, as uploads in parts leave it. It can be computed only by who knows where the parts
 * end, which the server is asked beside the running answer.
 */
import { type RunningChecksum, startChecksum } from "../../checksum/index.ts";
import { type Announced, type ExpectedChecksum, toBase64 } from "./checksum.ts";

/** Where the parts of an object end: all sizes as the server lists them, or that of the first, which all but the last are assumed to have. */
export type PartLayout = number | readonly number[];

/** S3 takes no smaller part, but for the last, bytes. */
const smallestPartBytes = 5 * 1024 * 1024;

export class PartsChecksum implements ExpectedChecksum {
  readonly announced: Announced;
  readonly #sizeBytes: number;
  #layout: PartLayout | undefined;
  readonly #ofParts: RunningChecksum;
  #ofPart: RunningChecksum;
  /** Parts that have ended. */
  #ended = 0;
  /** Bytes so far. */
  #passed = 0;
  /** Where the part in progress ends. */
  #partEnd = Number.POSITIVE_INFINITY;
  #computed: string | undefined;

  constructor(announced: Announced, sizeBytes: number, layout?: PartLayout) {
    this.announced = announced;
    this.#sizeBytes = sizeBytes;
    this.#ofParts = startChecksum(announced.algorithm);
    this.#ofPart = startChecksum(announced.algorithm);
    if (announced.parts === 1) this.settle(sizeBytes);
    else if (layout !== undefined) this.settle(layout);
  }

  get guessed(): boolean {
    return this.announced.fromEtag || (typeof this.#layout === "number" && this.announced.parts > 1);
  }

  /** Bytes that certainly belong to the first part, whatever the layout. */
  get certainBytes(): number {
    return Math.min(Math.ceil(this.#sizeBytes / this.announced.parts), smallestPartBytes);
  }

  /** Whether it is known where the parts end. */
  get isSettled(): boolean {
    return this.#layout !== undefined;
  }

  /** Says where the parts end; false when more than the first of them has passed already. */
  settle(layout: PartLayout): boolean {
    const first = typeof layout === "number" ? layout : (layout[0] ?? 0);
    if (this.#passed > first) return false;
    this.#layout = layout;
    this.#partEnd = first;
    return true;
  }

  update(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.byteLength; ) {
      // A part ends when the next byte is there: the last one ends with the object.
      if (this.#passed === this.#partEnd) this.#endPart();
      const piece =
        at === 0 && chunk.byteLength <= this.#partEnd - this.#passed
          ? chunk
          : chunk.subarray(at, at + this.#partEnd - this.#passed);
      this.#ofPart.update(piece);
      this.#passed += piece.byteLength;
      at += piece.byteLength;
    }
  }

  computed(): string {
    if (this.#computed === undefined) {
      this.#endPart();
      this.#computed = toBase64(this.#ofParts.digest());
    }
    return this.#computed;
  }

  again(): PartsChecksum {
    return new PartsChecksum(this.announced, this.#sizeBytes, this.#layout);
  }

  #endPart(): void {
    this.#ofParts.update(this.#ofPart.digest());
    this.#ofPart = startChecksum(this.announced.algorithm);
    this.#ended += 1;
    const layout = this.#layout ?? this.#sizeBytes;
    this.#partEnd += typeof layout === "number" ? layout : (layout[this.#ended] ?? Number.POSITIVE_INFINITY);
  }
}
