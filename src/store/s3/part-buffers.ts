/**
 * The memory of one upload: as many buffers as its own bound and the budget that it shares allow, used again and again. The first
 * is had in any case, and nobody waits for another upload, so no two can wait for each other.
 */
import { untilAborted } from "../until-aborted.ts";
import type { UploadLimits } from "./upload-limits.ts";

export class PartBuffers {
  readonly #limits: Pick<UploadLimits, "budget" | "bufferBytes">;
  readonly #spare: Uint8Array[] = [];
  #heldBytes = 0;
  #freed: (() => void) | undefined;

  constructor(limits: Pick<UploadLimits, "budget" | "bufferBytes">) {
    this.#limits = limits;
  }

  /** A buffer of this size; waits for one to come back when there can be no more. One call at a time. */
  async take(bytes: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    for (;;) {
      const spare = this.#spare.pop();
      if (spare?.byteLength === bytes) return spare;
      if (spare !== undefined) this.#release(spare.byteLength);
      else if (this.#grant(bytes)) return Buffer.allocUnsafeSlow(bytes);
      else await untilAborted(this.#untilFreed(), signal);
    }
  }

  /** A larger buffer in place of the only one, with what it holds. */
  grow(buffer: Uint8Array, bytes: number): Uint8Array {
    this.#limits.budget.insist(bytes - buffer.byteLength);
    this.#heldBytes += bytes - buffer.byteLength;
    const larger = Buffer.allocUnsafeSlow(bytes);
    larger.set(buffer);
    return larger;
  }

  /** For the next part to use. */
  give(buffer: Uint8Array): void {
    this.#spare.push(buffer);
    this.#freed?.();
  }

  /** Nothing is held any more. */
  close(): void {
    this.#limits.budget.give(this.#heldBytes);
    this.#heldBytes = 0;
  }

  #grant(bytes: number): boolean {
    const { budget, bufferBytes } = this.#limits;
    if (this.#heldBytes === 0) budget.insist(bytes);
    else if (this.#heldBytes + bytes > bufferBytes || !budget.take(bytes)) return false;
    this.#heldBytes += bytes;
    return true;
  }

  #release(bytes: number): void {
    this.#heldBytes -= bytes;
    this.#limits.budget.give(bytes);
  }

  #untilFreed(): Promise<void> {
    return new Promise((resolve) => {
      this.#freed = resolve;
    });
  }
}
