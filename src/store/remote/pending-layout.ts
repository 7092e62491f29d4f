/**
 * The question where an object's parts end, asked beside the answer that brings its bytes. Only as many bytes pass before it is
 * answered as certainly belong to the first part.
 */
import type { PartLayout, PartsChecksum } from "./parts-checksum.ts";

/** Resolves with nothing when the server does not tell; never rejects. */
export type AskLayout = (parts: number, signal: AbortSignal) => Promise<PartLayout | undefined>;

export class PendingLayout {
  /** Settles with the answer; never rejects. */
  readonly answered: Promise<void>;
  /** `undefined` as long as there is no answer; then whether the checksum can be computed. */
  usable: boolean | undefined;
  readonly #stop = new AbortController();

  constructor(checksum: PartsChecksum, ask: AskLayout) {
    this.answered = ask(checksum.announced.parts, this.#stop.signal).then((layout) => {
      this.usable = layout !== undefined && checksum.settle(layout);
    });
  }

  /** Nobody waits for the answer any more. */
  end(): void {
    if (this.usable === undefined) this.#stop.abort();
  }
}
