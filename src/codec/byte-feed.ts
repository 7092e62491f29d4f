/** A stream of chunks of any size, read by counts. What it gives is a view that is good until the next call. */

const none = new Uint8Array(0);

export class ByteFeed {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = none;
  #ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Exactly `count` bytes, or what is left when the stream ends before. */
  async take(count: number): Promise<Uint8Array> {
    if (this.#held.length < count) await this.#fill(count);
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(taken.length);
    return taken;
  }

  /** Up to `most` bytes, at least one while there are any: what lies here, without waiting for more. */
  async takeSome(most: number): Promise<Uint8Array> {
    if (this.#held.length === 0) await this.#fill(1);
    return this.take(Math.min(most, this.#held.length));
  }

  /** As `take`, and the bytes stay. */
  async peek(count: number): Promise<Uint8Array> {
    if (this.#held.length < count) await this.#fill(count);
    return this.#held.subarray(0, count);
  }

  /** Ends the source; whoever reads no further calls it. */
  async close(): Promise<void> {
    if (!this.#ended) await this.#source.return?.();
    this.#ended = true;
  }

  async #fill(count: number): Promise<void> {
    const parts = [this.#held];
    let size = this.#held.length;
    while (size < count && !this.#ended) {
      const { value, done } = await this.#source.next();
      if (done === true) {
        this.#ended = true;
        break;
      }
      parts.push(value);
      size += value.length;
    }
    const [first, only] = parts;
    if (parts.length === 1) return;
    this.#held = first?.length === 0 && only !== undefined && parts.length === 2 ? only : joined(parts, size);
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
