/** What is known of bytes that came side by side: digests of stretches, those of neighbours folded into one as soon as both are there. */
import type { ChecksumAlgorithm } from "../../checksum/index.ts";
import { combineDigests } from "./combine-digests.ts";

/** Bytes of the object. */
export interface DigestedStretch {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly digest: Uint8Array<ArrayBuffer>;
}

export class DigestedStretches {
  readonly #algorithm: ChecksumAlgorithm;
  /** No two of them neighbours: never more than came out of order. */
  #stretches: readonly DigestedStretch[] = [];

  /** Of an algorithm whose digests can be combined. */
  constructor(algorithm: ChecksumAlgorithm) {
    this.#algorithm = algorithm;
  }

  get inOrder(): readonly DigestedStretch[] {
    return this.#stretches;
  }

  /** Adds what overlaps nothing that is there. */
  add(stretch: DigestedStretch): void {
    const before = this.#stretches.filter(({ end }) => end <= stretch.start);
    const behind = this.#stretches.slice(before.length);
    const folded: DigestedStretch[] = [];
    for (const next of [...before.slice(-1), stretch, ...behind.slice(0, 1)]) {
      const last = folded.at(-1);
      if (last?.end === next.start) folded[folded.length - 1] = this.#fold(last, next);
      else folded.push(next);
    }
    this.#stretches = [...before.slice(0, -1), ...folded, ...behind.slice(1)];
  }

  #fold(first: DigestedStretch, second: DigestedStretch): DigestedStretch {
    const { start } = first;
    const { end } = second;
    return { start, end, digest: combineDigests(this.#algorithm, first.digest, second.digest, end - second.start) };
  }
}
