/** How far a caller's sink is in one range of one version. It is started with the first byte, so that what fails before costs it nothing. */
import type { BodySink, ObjectInfo, ResolvedRange } from "../../store/index.ts";
import { giveTo } from "../read-whole.ts";

export class RangeProgress {
  readonly #sink: BodySink;
  readonly #signal: AbortSignal | undefined;
  #version: { readonly info: ObjectInfo; readonly range: ResolvedRange } | undefined;
  #begun = false;
  #at = 0;

  constructor(sink: BodySink, signal: AbortSignal | undefined) {
    this.#sink = sink;
    this.#signal = signal;
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** The next byte of the object that the sink is to get. */
  get at(): number {
    return this.#at;
  }

  get restartable(): boolean {
    return this.#sink.restartable === true;
  }

  /** From here on it is this version; what the sink has already is void. */
  prepare(info: ObjectInfo, range: ResolvedRange): void {
    this.#version = { info, range };
    this.#begun = false;
    this.#at = range.start;
  }

  begin(): void {
    if (this.#begun || this.#version === undefined) return;
    this.#sink.start(this.#version.info, this.#version.range);
    this.#begun = true;
  }

  write(chunk: Uint8Array): void | Promise<void> {
    this.begin();
    this.#at += chunk.byteLength;
    return giveTo(this.#sink, chunk, this.#signal);
  }
}
