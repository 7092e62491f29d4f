/**
 * The requests of a server as lines of output, at the pace of whoever reads them. One who does not read loses lines, and is told
 * how many; the server neither waits nor gathers them without bound.
 */
import type { Message } from "./message.ts";
import type { Output } from "./output.ts";
import { missedMessage } from "./serve-messages.ts";

/** So many wait for a reader at most: a few megabytes. */
const mostWaiting = 10_000;

export class RequestLines<T> {
  readonly #output: Output;
  readonly #messageOf: (request: T) => Message;
  #waiting: Message[] = [];
  #missed = 0;
  #isWriting = false;

  constructor(output: Output, messageOf: (request: T) => Message) {
    this.#output = output;
    this.#messageOf = messageOf;
  }

  add(request: T): void {
    if (this.#waiting.length < mostWaiting) this.#waiting.push(this.#messageOf(request));
    else this.#missed += 1;
    if (this.#isWriting) return;
    this.#isWriting = true;
    // What comes in one turn is written together.
    setImmediate(() => void this.#write());
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const [messages, missed] = [this.#waiting, this.#missed];
        this.#waiting = [];
        this.#missed = 0;
        for (const message of messages) await this.#output.tell(message);
        if (missed > 0) await this.#output.tell(missedMessage(missed));
        await this.#output.flush();
      }
    } catch {
      // Without a reader the server still serves: only the log is lost.
      this.#waiting = [];
    } finally {
      this.#isWriting = false;
    }
  }
}
