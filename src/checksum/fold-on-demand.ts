/**
 * Decides between WebAssembly and JavaScript: compiling is worth it from some bytes on, a call of it from some length on, and where
 * there is no WebAssembly with vectors (`node --jitless`, old processors) all stays with JavaScript.
 */
import { FoldEngine, type WebAssemblyLike } from "./fold-engine.ts";
import type { Slices } from "./slices.ts";

/** Bytes that JavaScript takes before the module is made, which costs about as much as they do: a millisecond or two. */
const bytesBefore = 1_048_576;

export class FoldOnDemand {
  readonly #distances: readonly number[];
  readonly #slices: () => Slices;
  #bytesToGo = bytesBefore;
  #engine: FoldEngine | undefined;

  constructor(distances: readonly number[], slices: () => Slices) {
    this.#distances = distances;
    this.#slices = slices;
  }

  /** The engine for a piece of this length; `undefined` when JavaScript is to take it. */
  for(lengthBytes: number): FoldEngine | undefined {
    if (this.#engine !== undefined) return lengthBytes < this.#engine.leastBytes ? undefined : this.#engine;
    this.#bytesToGo -= lengthBytes;
    if (this.#bytesToGo > 0) return undefined;
    this.#bytesToGo = Number.POSITIVE_INFINITY;
    this.#engine = this.#open();
    return this.#engine === undefined ? undefined : this.for(lengthBytes);
  }

  #open(): FoldEngine | undefined {
    const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyLike };
    try {
      return new FoldEngine(this.#distances, this.#slices(), WebAssembly);
    } catch {
      // No WebAssembly, no vectors in it, no address space, or forbidden: the same sums, slower.
      return undefined;
    }
  }
}
