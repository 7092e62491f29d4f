/**
 * Reads one answer after the other from the bytes of a connection. Stops at the end of each, and wherever its listener holds back;
 * copies nothing of a body.
 */
import { NotHttp } from "../failure.ts";
import { type AnswerHead, mostHeadBytes, parseHead } from "./answer-head.ts";

export interface AnswerListener {
  /** Whether the next piece has to wait. */
  readonly paused: boolean;
  onHead(head: AnswerHead): void;
  /** A piece of the connection's own buffer: valid until it is read into again. */
  onData(piece: Uint8Array): void;
  onEnd(): void;
}

type State = "idle" | "head" | "bytes" | "rest" | "chunk-size" | "chunk" | "chunk-end" | "trailers";

const headEnd = Buffer.from("\r\n\r\n");
const beginning = "HTTP/1.";
/** A chunk's size and what a server may write behind it, bytes. */
const mostSizeLine = 1024;

export class AnswerReader {
  readonly #listener: AnswerListener;
  #state: State = "idle";
  #isHead = false;
  /** Bytes that are still to come of the body or the chunk. */
  #left = 0;
  /** What came of a head that is not whole. */
  #head: Buffer | undefined;
  #line = "";
  #trailerBytes = 0;

  constructor(listener: AnswerListener) {
    this.#listener = listener;
  }

  /** Waits for an answer; `isHead` for that of a HEAD, which has no body. */
  begin(isHead: boolean): void {
    this.#state = "head";
    this.#isHead = isHead;
    this.#head = undefined;
  }

  /** Reads nothing any more. */
  stop(): void {
    this.#state = "idle";
  }

  /** Whether the end of the connection would be the end of the answer. */
  get endsWithConnection(): boolean {
    return this.#state === "rest";
  }

  /** Reads `bytes` from `at` to `end`; gives where it stopped: at `end`, behind the answer, or where the listener holds back. Error: `NotHttp`. */
  read(bytes: Buffer, at: number, end: number): number {
    let now = at;
    for (;;) {
      if (this.#state === "idle" || this.#listener.paused) return now;
      // A body of no bytes, or one whose last piece was held back, ends without another byte.
      if (this.#state === "bytes" && this.#left === 0) {
        this.#state = "idle";
        this.#listener.onEnd();
        return now;
      }
      if (now === end) return now;
      now = this.#step(bytes, now, end);
    }
  }

  #step(bytes: Buffer, at: number, end: number): number {
    switch (this.#state) {
      case "head":
        return this.#readHead(bytes, at, end);
      case "bytes":
      case "chunk":
        return this.#readBody(bytes, at, end);
      case "rest":
        this.#listener.onData(viewOf(bytes, at, end));
        return end;
      default:
        return this.#readLine(bytes, at, end);
    }
  }

  #readHead(bytes: Buffer, at: number, end: number): number {
    const before = this.#head?.byteLength ?? 0;
    const piece = bytes.subarray(at, end);
    const all = this.#head === undefined ? piece : Buffer.concat([this.#head, piece]);
    const found = all.indexOf(headEnd, Math.max(0, before - 3));
    const length = found === -1 ? all.byteLength : found;
    if (before < beginning.length) checkBeginning(all.toString("latin1", 0, Math.min(length, beginning.length)));
    if (length > mostHeadBytes) throw new NotHttp(`its head is longer than ${mostHeadBytes} bytes`);
    if (found === -1) {
      this.#head = Buffer.from(all);
      return end;
    }
    this.#head = undefined;
    const head = parseHead(all.toString("latin1", 0, found), this.#isHead);
    if (head.status === 101) throw new NotHttp("it switches to another protocol");
    // What comes before the final answer is not shown.
    if (head.status >= 200) this.#begin(head);
    return at + found + headEnd.byteLength - before;
  }

  #begin(head: AnswerHead): void {
    const { body } = head;
    this.#state = body === "chunks" ? "chunk-size" : body === "rest" ? "rest" : "bytes";
    this.#left = typeof body === "number" ? body : 0;
    this.#line = "";
    this.#trailerBytes = 0;
    this.#listener.onHead(head);
  }

  #readBody(bytes: Buffer, at: number, end: number): number {
    const until = Math.min(end, at + this.#left);
    this.#left -= until - at;
    if (this.#left === 0 && this.#state === "chunk") this.#state = "chunk-end";
    this.#listener.onData(viewOf(bytes, at, until));
    return until;
  }

  /** One line around the chunks, or as much of it as is there. */
  #readLine(bytes: Buffer, at: number, end: number): number {
    const found = bytes.indexOf(0x0a, at);
    const until = found === -1 || found >= end ? end : found + 1;
    this.#line += bytes.toString("latin1", at, until);
    if (this.#line.length > (this.#state === "trailers" ? mostHeadBytes : mostSizeLine)) {
      throw new NotHttp("a line between its chunks is too long");
    }
    if (!this.#line.endsWith("\n")) return until;
    const line = this.#line.slice(0, -2);
    if (!this.#line.endsWith("\r\n") || /[\r\n]/.test(line)) throw new NotHttp("a line between its chunks has no end");
    this.#line = "";
    this.#afterLine(line);
    return until;
  }

  #afterLine(line: string): void {
    if (this.#state === "chunk-end") {
      if (line !== "") throw new NotHttp("a chunk is longer than its size");
      this.#state = "chunk-size";
    } else if (this.#state === "chunk-size") {
      const size = /^([0-9a-fA-F]{1,12})[\t ]*(?:;.*)?$/.exec(line)?.[1];
      if (size === undefined) throw new NotHttp("a chunk has no size");
      this.#left = Number.parseInt(size, 16);
      this.#state = this.#left === 0 ? "trailers" : "chunk";
    } else {
      this.#trailerBytes += line.length;
      if (this.#trailerBytes > mostHeadBytes) throw new NotHttp("what follows its chunks is too long");
      if (line !== "") return;
      this.#state = "idle";
      this.#listener.onEnd();
    }
  }
}

/** No `Buffer`, whose `slice` would not copy. */
function viewOf(bytes: Buffer, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
}

function checkBeginning(text: string): void {
  if (!beginning.startsWith(text)) throw new NotHttp(`it begins with ${JSON.stringify(text)}`);
}
