/** The caller's sink, with what it throws kept apart from what the network does: a sink's failure is never tried again. */
import type { BodySink, ObjectInfo, ResolvedRange } from "../object-store.ts";

export class GuardedSink {
  /** What the sink threw. */
  error: { readonly reason: unknown } | undefined;
  readonly #sink: BodySink;
  #writeAt: BodySink["writeAt"];

  constructor(sink: BodySink) {
    this.#sink = sink;
  }

  start(info: ObjectInfo, range: ResolvedRange): void {
    this.#writeAt = undefined;
    try {
      this.#sink.start(info, range);
    } catch (reason) {
      throw this.#noted(reason);
    }
  }

  /** A piece in order, or of any place where an offset is given. */
  write(piece: Uint8Array, offset?: number): void | Promise<void> {
    try {
      const taken = offset === undefined ? this.#sink.write(piece) : this.#anywhere(offset, piece);
      return taken === undefined ? undefined : this.#watch(taken);
    } catch (reason) {
      throw this.#noted(reason);
    }
  }

  #anywhere(offset: number, piece: Uint8Array): void | Promise<void> {
    this.#writeAt ??= this.#sink.writeAt?.bind(this.#sink);
    if (this.#writeAt === undefined) throw new TypeError("The sink takes pieces in order only");
    return this.#writeAt(offset, piece);
  }

  async #watch(taken: Promise<void>): Promise<void> {
    try {
      await taken;
    } catch (reason) {
      throw this.#noted(reason);
    }
  }

  #noted(reason: unknown): unknown {
    this.error ??= { reason };
    return reason;
  }
}
