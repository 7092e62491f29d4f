/**
 * An answer that does not say how long it is. It is held in memory, up to a limit, because its size must be known before its
 * first byte is passed on.
 */
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";

const mostBytes = 64 * 1024 * 1024;

export class Unannounced {
  readonly headers: ResponseHeaders;
  readonly #uri: string;
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(headers: ResponseHeaders, uri: string) {
    this.headers = headers;
    this.#uri = uri;
  }

  /** A chunked body ends with a mark; one that ends with its connection may have been cut anywhere. */
  get endIsProven(): boolean {
    return /\bchunked\b/i.test(this.headers["transfer-encoding"] ?? "");
  }

  /** Error: limit-exceeded above 64 MiB. */
  add(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > mostBytes) {
      throw new EntrepotError("limit-exceeded", `${this.#uri}: more than ${mostBytes} bytes of unannounced length`, {
        uri: this.#uri,
        hint: "The server does not say how long its answer is; a proxy that compresses may be the cause.",
      });
    }
    this.#pieces.push(chunk.slice());
  }

  whole(): Uint8Array {
    return Buffer.concat(this.#pieces);
  }
}
