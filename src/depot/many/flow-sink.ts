/**
 * One object as a stream that was begun before its turn: a small one is gathered, of a large one a single chunk waits.
 */
import type { BodySink, Bytes, ObjectInfo, ResolvedRange } from "../../store/index.ts";
import type { Slot } from "./look-ahead.ts";

/** Objects up to this size are gathered, bytes. */
export const gatheredBytes: number = 8 * 1024 * 1024;

export class FlowSink implements BodySink {
  readonly #slot: Slot;
  readonly #onFlow: (info: ObjectInfo) => void;
  #chunks: Bytes[] = [];
  #flows = false;
  #given = false;
  #end: { readonly error?: unknown } | undefined;
  #arrived: (() => void) | undefined;
  #drained: (() => void) | undefined;

  /** `onFlow` is told of an object that is read as it arrives, before its first byte. */
  constructor(slot: Slot, onFlow: (info: ObjectInfo) => void) {
    this.#slot = slot;
    this.#onFlow = onFlow;
    // who waits to give a chunk is let go; it meets the end of its signal
    slot.signal.addEventListener("abort", () => this.#drained?.(), { once: true });
  }

  /** What has been given cannot be taken back. */
  get restartable(): boolean {
    return !this.#flows && !this.#given;
  }

  start(info: ObjectInfo, range: ResolvedRange): void {
    const sizeBytes = range.end - range.start;
    this.#chunks = [];
    this.#flows = sizeBytes > gatheredBytes || !this.#slot.tryHold(sizeBytes);
    if (this.#flows) this.#onFlow(info);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    this.#chunks.push(chunk.slice());
    this.#arrived?.();
    if (!this.#flows || this.#slot.signal.aborted) return undefined;
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  /** No more will come. */
  close(end: { readonly error?: unknown } = {}): void {
    this.#end = end;
    this.#arrived?.();
  }

  /** The chunks as they are there. Throws what the read ended with. */
  async *chunks(): AsyncGenerator<Bytes> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#given = true;
        this.#drained?.();
        yield chunk;
      } else if (this.#end !== undefined) {
        if ("error" in this.#end) throw this.#end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#arrived = resolve;
        });
      }
    }
  }
}
