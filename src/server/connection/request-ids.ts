/** What each answer is named by: sixteen hexadecimal digits, as S3 has them. */
import { randomFillSync } from "node:crypto";

const idBytes = 8;

/** Takes randomness for many at a time: asking for eight bytes costs as much as asking for four thousand. */
export class RequestIds {
  readonly #pool = Buffer.alloc(512 * idBytes);
  #at = this.#pool.length;

  next(): string {
    if (this.#at === this.#pool.length) {
      randomFillSync(this.#pool);
      this.#at = 0;
    }
    this.#at += idBytes;
    return this.#pool.toString("hex", this.#at - idBytes, this.#at).toUpperCase();
  }
}
