/**
 * One request in flight in node:http. The same promises as `UndiciExchange`, on events instead of a handler.
 */
import type { ClientRequest, IncomingMessage } from "node:http";
import { offAbort, onAbort } from "./abort-hub.ts";
import type { Bounds } from "./bounds.ts";
import type { Deadlines, Watched } from "./deadlines.ts";
import { type Phase, timeoutFailure, transportFailure } from "./failure.ts";
import { type BodyProgress, piecesOf, wholeBodyBytes } from "./request-body.ts";
import type { ResponseHeaders, ResponseSink, TransportRequest } from "./transport.ts";

export class HttpExchange implements Watched, BodyProgress {
  deadlineMs: number = Number.POSITIVE_INFINITY;
  slot = 0;
  readonly #outgoing: ClientRequest;
  readonly #request: TransportRequest;
  readonly #sink: ResponseSink;
  readonly #bounds: Bounds;
  readonly #deadlines: Deadlines;
  readonly #resolve: () => void;
  readonly #reject: (reason: unknown) => void;
  readonly #onAbort: (() => void) | undefined;
  #phase: Phase = "connect";
  #settled = false;
  /** The sink is still busy with a piece. */
  #held = false;
  /** Node ends a stream that is paused in its last piece all the same. */
  #ended: IncomingMessage | undefined;

  constructor(
    outgoing: ClientRequest,
    request: TransportRequest,
    sink: ResponseSink,
    bounds: Bounds,
    deadlines: Deadlines,
    resolve: () => void,
    reject: (reason: unknown) => void,
  ) {
    this.#outgoing = outgoing;
    this.#request = request;
    this.#sink = sink;
    this.#bounds = bounds;
    this.#deadlines = deadlines;
    this.#resolve = resolve;
    this.#reject = reject;
    deadlines.add(this, bounds.shortestMs);
    outgoing.on("socket", (socket) => {
      if (!socket.connecting) return this.#send();
      this.#await("connect", bounds.connectMs);
      // A TLS socket is "connected" before the handshake, which is the part that hangs.
      socket.once(request.origin.startsWith("https:") ? "secureConnect" : "connect", () => this.#send());
    });
    outgoing.on("response", (incoming) => this.#receive(incoming));
    outgoing.on("error", (error) => this.#fail(transportFailure(error, request.origin, this.#phase)));
    if (request.signal !== undefined) {
      const { signal } = request;
      this.#onAbort = () => this.#fail(signal.reason);
      onAbort(signal, this.#onAbort);
    }
  }

  onPiece(): void {
    if (this.#phase === "send") this.deadlineMs = this.#deadlines.now() + this.#bounds.idleMs;
  }

  onEnd(): void {
    if (this.#phase === "send") this.#await("first-byte", this.#bounds.firstByteMs);
  }

  onBroken(reason: unknown): void {
    this.#fail(reason);
  }

  onDeadline(): void {
    const { connectMs, firstByteMs, idleMs } = this.#bounds;
    const boundMs = { connect: connectMs, send: idleMs, "first-byte": firstByteMs, body: idleMs }[this.#phase];
    this.#fail(timeoutFailure(this.#request.origin, this.#phase, boundMs));
  }

  #send(): void {
    if (this.#settled || this.#phase !== "connect") return;
    const { body } = this.#request;
    if (body === undefined || (body instanceof Uint8Array && body.byteLength <= wholeBodyBytes)) {
      this.#await("first-byte", this.#bounds.firstByteMs);
      this.#outgoing.end(body);
      return;
    }
    this.#await("send", this.#bounds.idleMs);
    this.#sendPieces(body).catch((reason: unknown) => this.onBroken(reason));
  }

  async #sendPieces(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of piecesOf(body, this)) {
      if (this.#settled || this.#outgoing.destroyed) return;
      if (!this.#outgoing.write(piece)) await drained(this.#outgoing);
    }
    this.#outgoing.end();
  }

  #receive(incoming: IncomingMessage): void {
    if (this.#settled) return;
    this.#await("body", this.#bounds.idleMs);
    incoming.on("error", (error) => this.#fail(transportFailure(error, this.#request.origin, "body")));
    incoming.on("end", () => this.#finish(incoming));
    try {
      this.#sink.head(incoming.statusCode ?? 0, headersOf(incoming));
    } catch (error) {
      this.#fail(error);
      return;
    }
    incoming.on("data", (chunk: Uint8Array) => this.#take(incoming, chunk));
  }

  #take(incoming: IncomingMessage, chunk: Uint8Array): void {
    if (this.#settled) return;
    try {
      const taken = this.#sink.data(chunk);
      if (taken === undefined) this.deadlineMs = this.#deadlines.now() + this.#bounds.idleMs;
      else this.#holdBack(incoming, taken);
    } catch (error) {
      this.#fail(error);
    }
  }

  #holdBack(incoming: IncomingMessage, taken: Promise<void>): void {
    incoming.pause();
    this.#held = true;
    this.deadlineMs = Number.POSITIVE_INFINITY;
    taken.then(
      () => {
        if (this.#settled) return;
        this.#held = false;
        this.deadlineMs = this.#deadlines.now() + this.#bounds.idleMs;
        if (this.#ended === undefined) incoming.resume();
        else this.#finish(this.#ended);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #finish(incoming: IncomingMessage): void {
    if (this.#held) {
      this.#ended = incoming;
      return;
    }
    if (!incoming.complete) {
      this.#fail(transportFailure(new Error("the connection was closed"), this.#request.origin, "body"));
      return;
    }
    if (!this.#settle()) return;
    // The answer came before the whole body was out: what is left would be read as the next request.
    if (!this.#outgoing.writableFinished) this.#outgoing.destroy();
    this.#resolve();
  }

  #await(phase: Phase, boundMs: number): void {
    this.#phase = phase;
    this.deadlineMs = this.#deadlines.now() + boundMs;
  }

  #fail(reason: unknown): void {
    if (!this.#settle()) return;
    this.#reject(reason);
    this.#outgoing.destroy();
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#deadlines.remove(this);
    if (this.#onAbort !== undefined && this.#request.signal !== undefined) {
      offAbort(this.#request.signal, this.#onAbort);
    }
    return true;
  }
}

function drained(outgoing: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      outgoing.off("drain", go).off("close", go);
      resolve();
    };
    outgoing.on("drain", go).on("close", go);
  });
}

/** Node drops the repeats of some headers and splits `set-cookie`; the raw list has them all. */
function headersOf(incoming: IncomingMessage): ResponseHeaders {
  const raw = incoming.rawHeaders;
  const headers: Record<string, string> = Object.create(null);
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? "").toLowerCase();
    const value = raw[at + 1] ?? "";
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}
