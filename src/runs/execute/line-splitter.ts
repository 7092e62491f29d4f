/** Bytes of a program to lines of text, of which a very long one takes no more memory than what is kept of it. */

export class LineSplitter {
  readonly #decoder = new TextDecoder();
  readonly #longest: number;
  #rest = "";

  /** What a line has beyond `longest` characters is dropped, but for one, so that whoever keeps it sees that it was longer. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The lines that these bytes complete, without their ends. What is no UTF-8 becomes U+FFFD. */
  push(bytes: Uint8Array): string[] {
    return this.#split(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What is left without an end. */
  end(): string[] {
    const lines = this.#split(this.#decoder.decode());
    if (this.#rest !== "") lines.push(this.#line(this.#rest));
    this.#rest = "";
    return lines;
  }

  #split(text: string): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      this.#keep(text, from, at);
      lines.push(this.#line(this.#rest));
      this.#rest = "";
      from = at + 1;
    }
    this.#keep(text, from, text.length);
    return lines;
  }

  #keep(text: string, from: number, to: number): void {
    const room = this.#longest + 1 - this.#rest.length;
    if (room > 0) this.#rest += text.slice(from, Math.min(to, from + room));
  }

  #line(text: string): string {
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  }
}
