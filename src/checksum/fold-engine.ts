/**
 * A CRC's WebAssembly, instantiated. Its memory is scratch: a piece goes in with the register before it and the register after it comes
 * out, all within one call, so any number of running checksums can take turns.
 */
import { foldModule, layout, leastBytes, windowBytes } from "./fold-module.ts";
import type { Slices } from "./slices.ts";

/** What is needed of the global `WebAssembly`. */
export interface WebAssemblyLike {
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
}

export class FoldEngine {
  /** Bytes per call at least. */
  readonly leastBytes: number;
  /** The register after the last call: two halves, as signed 32-bit numbers. */
  low = 0;
  high = 0;
  readonly #bytes: Uint8Array;
  readonly #words: DataView;
  readonly #run: (length: number) => void;

  /** Throws what the engine throws where there is none, or none with vectors, or no memory for it. */
  constructor(distances: readonly number[], slices: Slices, engine: WebAssemblyLike) {
    const memory = new engine.Memory({ initial: layout.pages, maximum: layout.pages });
    const module = new engine.Module(foldModule(distances));
    const { run } = new engine.Instance(module, { memory: { bytes: memory } }).exports;
    this.#run = run as (length: number) => void;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#words = new DataView(memory.buffer);
    this.leastBytes = leastBytes(distances);
    for (let n = 0; n < slices.low.length; n += 1) {
      this.#words.setInt32(layout.slices + 8 * n, slices.low[n] ?? 0, true);
      this.#words.setInt32(layout.slices + 8 * n + 4, slices.high[n] ?? 0, true);
    }
  }

  /** Takes the register over `bytes`, of which there are `leastBytes` or more. */
  update(low: number, high: number, bytes: Uint8Array): void {
    this.#words.setInt32(layout.register, low, true);
    this.#words.setInt32(layout.register + 4, high, true);
    // Cut evenly, so that no piece is too short.
    const pieces = Math.ceil(bytes.length / windowBytes);
    for (let piece = 0, from = 0; piece < pieces; piece += 1) {
      const to = Math.floor((bytes.length * (piece + 1)) / pieces);
      this.#bytes.set(
        pieces === 1 ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset + from, to - from),
        layout.window,
      );
      this.#run(to - from);
      from = to;
    }
    this.low = this.#words.getInt32(layout.register, true);
    this.high = this.#words.getInt32(layout.register + 4, true);
  }
}
