/**
 * One request in flight in undici: its handler, its deadline and its end. Written as one object without closures, because
 * this is the path of every small read.
 */
import type { Dispatcher } from "undici";
import { offAbort, onAbort } from "./abort-hub.ts";
import type { Bounds } from "./bounds.ts";
import type { Deadlines, Watched } from "./deadlines.ts";
import { type Phase, timeoutFailure, transportFailure } from "./failure.ts";
import { type BodyProgress, piecesOf, wholeBodyBytes } from "./request-body.ts";
import type { ResponseHeaders, ResponseSink, TransportRequest } from "./transport.ts";

/** What the exchange asks of the pool of its origin. */
export interface PoolState {
  /** Whether any connection to the origin stands; without one a waiting request is waiting for a connection. */
  readonly connected: boolean;
}

export class UndiciExchange implements Dispatcher.DispatchHandler, Watched, BodyProgress {
  deadlineMs: number = Number.POSITIVE_INFINITY;
  slot = 0;
  readonly #request: TransportRequest;
  readonly #sink: ResponseSink;
  readonly #bounds: Bounds;
  readonly #deadlines: Deadlines;
  readonly #pool: PoolState;
  readonly #resolve: () => void;
  readonly #reject: (reason: unknown) => void;
  readonly #onAbort: (() => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #phase: Phase = "connect";
  #settled = false;
  #source: AsyncGenerator<Uint8Array, void, void> | undefined;

  constructor(
    request: TransportRequest,
    sink: ResponseSink,
    bounds: Bounds,
    deadlines: Deadlines,
    pool: PoolState,
    resolve: () => void,
    reject: (reason: unknown) => void,
  ) {
    this.#request = request;
    this.#sink = sink;
    this.#bounds = bounds;
    this.#deadlines = deadlines;
    this.#pool = pool;
    this.#resolve = resolve;
    this.#reject = reject;
    deadlines.add(this, bounds.shortestMs);
    this.deadlineMs = deadlines.now() + bounds.connectMs;
    if (request.signal !== undefined) {
      const { signal } = request;
      this.#onAbort = () => this.#fail(signal.reason);
      onAbort(signal, this.#onAbort);
    }
  }

  /** The headers as undici wants them: with the length of a body that it will not see in one piece. */
  headers(): Record<string, string> {
    const { headers, body } = this.#request;
    if (!(body instanceof Uint8Array) || body.byteLength <= wholeBodyBytes) return headers as Record<string, string>;
    return { ...headers, "content-length": String(body.byteLength) };
  }

  /** The body as undici wants it. Large ones go in pieces, so that a silent peer is told from a slow one. */
  body(): Uint8Array | AsyncGenerator<Uint8Array, void, void> | null {
    const { body } = this.#request;
    if (body === undefined) return null;
    if (body instanceof Uint8Array && body.byteLength <= wholeBodyBytes) return body.byteLength === 0 ? null : body;
    this.#source = piecesOf(body, this);
    return this.#source;
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
    if (this.#phase === "connect" && this.#pool.connected) {
      // Waiting for a free connection is not a failure of the server.
      this.deadlineMs = this.#deadlines.now() + this.#bounds.connectMs;
      return;
    }
    const { connectMs, firstByteMs, idleMs } = this.#bounds;
    const boundMs = { connect: connectMs, send: idleMs, "first-byte": firstByteMs, body: idleMs }[this.#phase];
    this.#fail(timeoutFailure(this.#request.origin, this.#phase, boundMs));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) {
      controller.abort(new Error("given up while it waited"));
      return;
    }
    if (this.#source === undefined) this.#await("first-byte", this.#bounds.firstByteMs);
    else this.#await("send", this.#bounds.idleMs);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200 || this.#settled) return;
    this.#await("body", this.#bounds.idleMs);
    try {
      this.#sink.head(status, joined(headers));
    } catch (error) {
      this.#fail(error);
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    // undici resumes with an empty piece; a sink that answers it with a promise would pause and resume for ever.
    if (this.#settled || chunk.byteLength === 0) return;
    try {
      const taken = this.#sink.data(chunk);
      if (taken === undefined) this.deadlineMs = this.#deadlines.now() + this.#bounds.idleMs;
      else this.#holdBack(controller, taken);
    } catch (error) {
      this.#fail(error);
    }
  }

  onResponseEnd(): void {
    if (this.#settle()) this.#resolve();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (!this.#settle()) return;
    const invalid = "code" in error && error.code === "UND_ERR_INVALID_ARG";
    this.#reject(
      invalid
        ? new TypeError(error.message, { cause: error })
        : transportFailure(error, this.#request.origin, this.#phase),
    );
  }

  #await(phase: Phase, boundMs: number): void {
    this.#phase = phase;
    this.deadlineMs = this.#deadlines.now() + boundMs;
  }

  #holdBack(controller: Dispatcher.DispatchController, taken: Promise<void>): void {
    controller.pause();
    this.deadlineMs = Number.POSITIVE_INFINITY;
    taken.then(
      () => {
        if (this.#settled) return;
        this.deadlineMs = this.#deadlines.now() + this.#bounds.idleMs;
        controller.resume();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #fail(reason: unknown): void {
    if (!this.#settle()) return;
    this.#reject(reason);
    this.#controller?.abort(reason instanceof Error ? reason : new Error("given up"));
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

/** undici gives a repeated header as an array. */
function joined(headers: Record<string, string | string[] | undefined>): ResponseHeaders {
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== "string") headers[name] = value?.join(", ");
  }
  return headers as Record<string, string>;
}
