/**
 * One connection to a server: requests one after the other, each with its answer. It reads into a buffer of its own, again and
 * again, so that a body costs no memory and the collector no time.
 */
import type { Socket } from "node:net";
import type { AnswerHead } from "./answer-head.ts";
import { type AnswerListener, AnswerReader } from "./answer-reader.ts";

/** The request that a connection carries. */
export interface Carried {
  /** Whether its body is still going out. */
  readonly sending: boolean;
  onAnswerHead(head: AnswerHead): void;
  onAnswerData(piece: Uint8Array): void;
  onAnswerEnd(): void;
  /** The connection broke or did not come about, or what came is no HTTP. `mute`: it had answered before, and not a byte of this answer came. */
  onLost(error: Error, mute: boolean): void;
}

/** Who has connections. */
export interface ConnectionOwner {
  /** It may carry the next request. */
  onFree(connection: Connection): void;
  onClosed(connection: Connection): void;
}

/** A read brings at most so much, bytes. */
export const readBytes: number = 256 * 1024;
/** A head and a small body are put together here, bytes. */
const joinedBytes = 32 * 1024;
/** Idle connections are closed after this time where the server names none: before most servers do, milliseconds. */
const idleMs = 4_000;
/** What the server says is shortened by this, for the way to it, milliseconds. */
const earlierMs = 1_000;
const mostIdleMs = 600_000;

export class Connection implements AnswerListener {
  paused = false;
  /** Whether requests could go; the business of whoever owns it, as the next two are. */
  hasStood = false;
  /** How long it may wait for the next request, milliseconds. */
  idleMs: number = idleMs;
  /** When the last answer ended. */
  idleSinceMs = 0;
  readonly #owner: ConnectionOwner;
  readonly #reader = new AnswerReader(this);
  #socket: Socket | undefined;
  #carried: Carried | undefined;
  #keepsOpen = false;
  #answers = 0;
  #mute = true;
  /** Bytes that the system had not taken when it was last looked at. */
  #queuedBytes = 0;
  /** What was read and had to wait. */
  #rest: { readonly bytes: Buffer; readonly at: number; readonly end: number } | undefined;
  #joined: Buffer | undefined;
  #closed = false;

  constructor(owner: ConnectionOwner) {
    this.#owner = owner;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Over this socket, which is being connected for `carried`: hears its events; its bytes come by `take`. */
  use(socket: Socket, carried: Carried): void {
    this.#socket = socket;
    this.#carried = carried;
    socket.on("end", () => this.#onSocketEnd());
    socket.on("error", (error: Error) => this.#break(error));
    socket.on("close", () => this.#break(new Error("the connection was closed")));
  }

  /** Carries a request, which writes itself to the socket that this gives. */
  carry(carried: Carried, isHead: boolean): Socket {
    const socket = this.#socket;
    if (socket === undefined) throw new TypeError("the connection does not stand");
    this.#carried = carried;
    this.#mute = true;
    this.#reader.begin(isHead);
    return socket;
  }

  /** What came, in a buffer that is read into again when this returns and nobody holds back. */
  take(bytes: Buffer, at: number, end: number): void {
    this.#mute = false;
    try {
      const stopped = this.#reader.read(bytes, at, end);
      if (this.paused) this.#rest = { bytes, at: stopped, end };
      // An answer behind the answer, or one that nobody asked for.
      else if (stopped < end || this.#carried === undefined) this.#afterTake(stopped < end);
    } catch (error) {
      this.#break(error instanceof Error ? error : new Error(String(error)));
    }
  }

  onHead(head: AnswerHead): void {
    this.#keepsOpen = head.keepsOpen;
    const said = head.headers["keep-alive"];
    if (said !== undefined) this.idleMs = idleTime(said);
    this.#carried?.onAnswerHead(head);
  }

  onData(piece: Uint8Array): void {
    this.#carried?.onAnswerData(piece);
  }

  onEnd(): void {
    const carried = this.#carried;
    this.#carried = undefined;
    this.#answers += 1;
    // Where the answer came before the whole body was out, what is left would be read as the next request.
    if (!this.#keepsOpen || carried?.sending === true) this.destroy();
    carried?.onAnswerEnd();
  }

  /** A head and a small body as one piece, to be written at once: two would be two packets. */
  joined(head: string, body: Uint8Array): Buffer {
    const length = head.length + body.byteLength;
    // What the system has not taken yet still lies in it.
    const isFree = length <= joinedBytes && this.#socket?.writableLength === 0;
    if (isFree) this.#joined ??= Buffer.allocUnsafeSlow(joinedBytes);
    const bytes = (isFree ? this.#joined?.subarray(0, length) : undefined) ?? Buffer.allocUnsafe(length);
    bytes.write(head, 0, "latin1");
    bytes.set(body, head.length);
    return bytes;
  }

  pause(): void {
    this.paused = true;
    this.#socket?.pause();
  }

  resume(): void {
    this.paused = false;
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.take(rest.bytes, rest.at, rest.end);
    if (!this.paused && !this.#closed) this.#socket?.resume();
  }

  /** Holds the process, or does not. */
  hold(busy: boolean): void {
    if (busy) this.#socket?.ref();
    else this.#socket?.unref();
  }

  /** Whether the system has taken some of what waited for it since this was asked before. */
  hasSent(): boolean {
    const before = this.#queuedBytes;
    this.#queuedBytes = queuedBytes(this.#socket);
    return this.#queuedBytes < before;
  }

  /** Ends it. Whoever is carried is told nothing. */
  destroy(): void {
    this.#carried = undefined;
    this.#reader.stop();
    this.#socket?.destroy();
    this.#close();
  }

  /** An answer has ended, or bytes came that belong to none. */
  #afterTake(isTooMuch: boolean): void {
    if (isTooMuch || this.#closed) this.destroy();
    else this.#owner.onFree(this);
  }

  #onSocketEnd(): void {
    if (this.#carried === undefined || !this.#reader.endsWithConnection) {
      this.#break(new Error("the connection was closed"));
      return;
    }
    this.#keepsOpen = false;
    this.onEnd();
  }

  #break(error: Error): void {
    const carried = this.#carried;
    const mute = this.#mute && this.#answers > 0;
    this.destroy();
    carried?.onLost(error, mute);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#rest = undefined;
    this.#owner.onClosed(this);
  }
}

/** Node's own time-out of sockets looks here, too; where it is not to be found nothing has moved. */
function queuedBytes(socket: Socket | undefined): number {
  const handle = (socket as { readonly _handle?: { readonly writeQueueSize?: number } | null } | undefined)?._handle;
  return handle?.writeQueueSize ?? 0;
}

function idleTime(keepAlive: string): number {
  const seconds = /\btimeout=(\d{1,6})/i.exec(keepAlive)?.[1];
  return seconds === undefined ? idleMs : Math.min(mostIdleMs, Number(seconds) * 1000 - earlierMs);
}
