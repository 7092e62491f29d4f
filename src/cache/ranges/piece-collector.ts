/** Puts the blocks of a stream together to pieces. What is no whole block is left out; the object's last one may be short. Pure. */
import type { ResolvedRange } from "../../store/index.ts";
import { mostBlocks, pieceBlockBytes } from "./piece.ts";

export class PieceCollector {
  readonly #emit: (first: number, bytes: Uint8Array<ArrayBuffer>) => void;
  #sizeBytes = 0;
  #end = 0;
  /** Of the next byte that comes. */
  #at = 0;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;
  /** Of the buffer's first byte; where the next one begins while there is none. */
  #start = 0;

  /** `emit` gets whole blocks from block `first` on; the bytes are its own. */
  constructor(emit: (first: number, bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#emit = emit;
  }

  /** What comes is `range` of an object; what came before is forgotten. */
  begin(range: ResolvedRange, sizeBytes: number): void {
    this.#sizeBytes = sizeBytes;
    this.#end = range.end;
    this.#at = range.start;
    this.#buffer = undefined;
    this.#filled = 0;
    this.#start = Math.ceil(range.start / pieceBlockBytes) * pieceBlockBytes;
  }

  add(chunk: Uint8Array): void {
    let offset = Math.min(chunk.byteLength, Math.max(0, this.#start - this.#at));
    this.#at += chunk.byteLength;
    while (offset < chunk.byteLength) {
      this.#buffer ??= this.#makeBuffer();
      // What is left of the range is no whole block.
      if (this.#buffer === undefined) return;
      const part = chunk.subarray(offset, offset + this.#buffer.byteLength - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.byteLength;
      offset += part.byteLength;
      if (this.#filled === this.#buffer.byteLength) this.#give(this.#buffer);
    }
  }

  /** Nothing more comes: gives what is whole. */
  flush(): void {
    const whole = this.#filled - (this.#filled % pieceBlockBytes);
    if (this.#buffer !== undefined && whole > 0) this.#give(this.#buffer.slice(0, whole));
  }

  #makeBuffer(): Uint8Array<ArrayBuffer> | undefined {
    const end = this.#end >= this.#sizeBytes ? this.#sizeBytes : this.#end - (this.#end % pieceBlockBytes);
    const length = Math.min(mostBlocks * pieceBlockBytes, end - this.#start);
    return length > 0 ? new Uint8Array(length) : undefined;
  }

  #give(bytes: Uint8Array<ArrayBuffer>): void {
    this.#buffer = undefined;
    this.#filled = 0;
    const first = this.#start / pieceBlockBytes;
    this.#start += bytes.byteLength;
    this.#emit(first, bytes);
  }
}
