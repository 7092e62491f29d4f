/**
 * Standard output and standard error, with backpressure. Results go to the first; progress, warnings and errors to
 * the second. When the reader of the output has left (`| head`), `closed` is aborted and every later write rejects.
 */
import type { Progress } from "../transfer/index.ts";
import type { Message } from "./message.ts";
import { type ProgressLine, progressLine } from "./progress.ts";
import { asAddress, type ShowAddress, showAddressesIn } from "./shown-address.ts";
import type { Sink } from "./sink.ts";

export interface OutputOptions {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** NDJSON instead of text. */
  readonly json: boolean;
  /** Only results and errors. */
  readonly quiet: boolean;
}

/** How long lines that come by the thousand are gathered, milliseconds. */
const gatherMs = 20;

/** The reader of standard output went away; not a failure of the command. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Aborted with `ReaderGone` when nobody reads any more, with the stream's error when it cannot be written. */
  readonly closed: AbortSignal;
  /** How an address is shown to people. */
  show: ShowAddress = asAddress;
  readonly #stdout: Sink;
  readonly #stderr: Sink;
  readonly #progress: ProgressLine | undefined;
  #pending: string[] = [];
  #pendingLength = 0;
  #soon: NodeJS.Immediate | undefined;
  #later: NodeJS.Timeout | undefined;

  constructor({ stdout, stderr, json, quiet }: OutputOptions) {
    this.json = json;
    this.quiet = quiet;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#progress =
      stderr.isTTY === true && !json && !quiet ? progressLine(stderr, { show: (uri) => this.show(uri) }) : undefined;
    const controller = new AbortController();
    this.closed = controller.signal;
    stdout.on("error", (error) => controller.abort(error.code === "EPIPE" ? new ReaderGone("nobody reads") : error));
    stderr.on("error", () => {
      // Nobody reads the errors: there is nobody to tell.
    });
  }

  /** Whether somebody sits at the other end of standard error, and reads text. */
  get isTerminal(): boolean {
    return this.#progress !== undefined;
  }

  /** Characters in a line of the terminal that standard output is, 80 where it says none; `undefined` for files, pipes and machines. */
  get width(): number | undefined {
    return this.#stdout.isTTY === true && !this.json ? this.#stdout.columns || 80 : undefined;
  }

  /** Shows how far a transfer is, on a terminal; `undefined` where it would only be in the way. */
  get onProgress(): ((progress: Progress) => void) | undefined {
    return this.#progress?.show;
  }

  /** The same for words of one line, which are made only when they are shown. */
  get onStatus(): ((text: (elapsedMs: number) => string) => void) | undefined {
    return this.#progress?.showText;
  }

  /** A result, on standard output. Awaiting it holds the command back to the pace of the reader. */
  async tell(message: Message): Promise<void> {
    const line = this.json ? jsonLine(message) : message.text();
    if (line !== undefined) await this.write(`${line}\n`);
  }

  /** As `tell`, for who cannot wait and tells by the thousand: what cannot be written reaches `closed`. */
  tellLater(message: Message): void {
    if (this.closed.aborted) return;
    const line = this.json ? jsonLine(message) : message.text();
    if (line === undefined) return;
    this.#gather(`${line}\n`);
    if (this.#pendingLength >= 1 << 16) this.#flushPlanned();
    else this.#later ??= setTimeout(this.#flushPlanned, gatherMs);
  }

  /** Text as it is, gathered with what else is written in the same turn. */
  async write(text: string): Promise<void> {
    this.closed.throwIfAborted();
    this.#gather(text);
    if (this.#pendingLength >= 1 << 16) await this.flush();
    else this.#soon ??= setImmediate(this.#flushPlanned);
  }

  #gather(text: string): void {
    this.#pending.push(text);
    this.#pendingLength += text.length;
  }

  // a failure reaches the next write through `closed`
  readonly #flushPlanned = (): void => void this.flush().catch(() => {});

  /** Bytes as they are. */
  async writeBytes(chunk: Uint8Array): Promise<void> {
    await this.flush();
    if (chunk.byteLength > 0) await this.#send(chunk);
  }

  /** Everything written so far has been handed to the stream. */
  async flush(): Promise<void> {
    clearTimeout(this.#later);
    clearImmediate(this.#soon);
    this.#later = undefined;
    this.#soon = undefined;
    if (this.#pending.length === 0) return;
    const text = this.#pending.join("");
    this.#pending = [];
    this.#pendingLength = 0;
    await this.#send(text);
  }

  /** A warning or an error, on standard error. */
  say(message: Message): void {
    const line = this.json ? jsonLine(message) : message.text();
    if (line === undefined) return;
    this.clearProgress();
    this.#stderr.write(`${this.json ? line : showAddressesIn(line, this.show)}\n`);
  }

  clearProgress(): void {
    this.#progress?.clear();
  }

  async #send(chunk: string | Uint8Array): Promise<void> {
    this.closed.throwIfAborted();
    this.clearProgress();
    if (this.#stdout.write(chunk)) return;
    await new Promise<void>((resolve, reject) => {
      const onDrain = () => {
        this.closed.removeEventListener("abort", onClosed);
        resolve();
      };
      const onClosed = () => {
        this.#stdout.off("drain", onDrain);
        reject(this.closed.reason);
      };
      this.#stdout.once("drain", onDrain);
      this.closed.addEventListener("abort", onClosed, { once: true });
    });
  }
}

function jsonLine(message: Message): string | undefined {
  const value = message.json();
  return value === undefined ? undefined : JSON.stringify(value);
}
