/**
 * One request in flight in undici: the calls to its handler as the steps of an exchange.
 */
import type { Socket } from "node:net";
import type { Dispatcher } from "undici";
import { EntrepotError } from "../error/index.ts";
import type { Bounds } from "./bounds.ts";
import type { Deadlines } from "./deadlines.ts";
import { Exchange } from "./exchange.ts";
import { transportFailure } from "./failure.ts";
import type { Making } from "./making.ts";
import { piecesOf, wholeBodyBytes } from "./request-body.ts";
import { headersOn, peerOf, type Route } from "./route.ts";
import type { ResponseHeaders, ResponseSink, TransportRequest } from "./transport.ts";

/** One connection at a time. */
export interface Carrier {
  readonly socket: Socket | undefined;
  /** The last one that was made or is being made. */
  readonly making: Making | undefined;
}

/** What the exchange asks of the pool of its origin. */
export interface PoolState {
  readonly route: Route;
  /** Whether any connection to the origin stands; without one a waiting request is waiting for a connection. */
  readonly connected: boolean;
  /** Connections in all, and how many of them wait for a reader that does not read. */
  readonly concurrency: number;
  held: number;
}

/** How many times the connect bound a request waits for a connection while nobody reads from any. */
const patience = 6;

export class UndiciExchange extends Exchange implements Dispatcher.DispatchHandler {
  readonly #pool: PoolState;
  #controller: Dispatcher.DispatchController | undefined;
  #carrier: Carrier | undefined;
  /** What had come over the connection before this request, bytes. */
  #receivedBefore = 0;
  #waits = 0;
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
    super(request, pool.route, sink, bounds, deadlines, resolve, reject);
    this.#pool = pool;
    this.enter("connect");
  }

  /** The headers as undici wants them: with the length of a body that it will not see in one piece. */
  headers(): Record<string, string> {
    const { body } = this.request;
    const headers = headersOn(this.route, this.request.headers);
    if (!(body instanceof Uint8Array) || body.byteLength <= wholeBodyBytes) return headers as Record<string, string>;
    return { ...headers, "content-length": String(body.byteLength) };
  }

  /** The body as undici wants it. Large ones go in pieces, so that a silent peer is told from a slow one. */
  body(): Uint8Array | AsyncGenerator<Uint8Array, void, void> | null {
    const { body } = this.request;
    if (body === undefined) return null;
    if (body instanceof Uint8Array && body.byteLength <= wholeBodyBytes) return body.byteLength === 0 ? null : body;
    this.#source = piecesOf(body, this);
    return this.#source;
  }

  override onDeadline(): void {
    if (this.phase !== "connect" || !this.#pool.connected) {
      super.onDeadline();
      return;
    }
    const starved = this.#pool.held >= this.#pool.concurrency;
    this.#waits = starved ? this.#waits + 1 : 0;
    // Waiting for a free connection is not a failure of the server, but it must not last for ever.
    if (this.#waits < patience) this.enter("connect");
    else this.fail(allHeld(this.request.origin, this.#pool.concurrency));
  }

  protected override onHeld(): void {
    this.#pool.held += 1;
  }

  protected override onReleased(): void {
    this.#pool.held -= 1;
  }

  /** The connection that will carry the request; false when nobody waits for it any more. */
  onCarrier(carrier: Carrier): boolean {
    this.#carrier = carrier;
    return !this.settled;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#receivedBefore = this.#carrier?.socket?.bytesRead ?? 0;
    if (this.settled) controller.abort(new Error("given up while it waited"));
    else this.enter(this.#source === undefined ? "first-byte" : "send");
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // They are cut out of the 64 KiB that were read from the socket, and would hold on to all of it for as long as this is remembered.
    controller.rawHeaders = null;
    if (status >= 200) this.takeHead(status, joined(headers));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    // undici resumes with an empty piece; a sink that answers it with a promise would pause and resume for ever.
    if (chunk.byteLength > 0) this.takeData(controller, chunk);
  }

  onResponseEnd(): void {
    this.succeed();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.settled) return;
    const invalid = "code" in error && error.code === "UND_ERR_INVALID_ARG";
    this.#controller = undefined;
    this.fail(
      invalid
        ? new TypeError(error.message, { cause: error })
        : transportFailure(error, peerOf(this.route), this.phase, this.#isMuteReuse()),
    );
  }

  /** The connection had brought an answer before, and not a byte of this one. */
  #isMuteReuse(): boolean {
    return this.#receivedBefore > 0 && this.#carrier?.socket?.bytesRead === this.#receivedBefore;
  }

  protected override cancel(reason: unknown): void {
    // A way through a proxy is made for one request; any other connection is good for the next.
    if (this.phase === "connect" && this.route.proxy !== undefined) this.#carrier?.making?.giveUp();
    this.#controller?.abort(reason instanceof Error ? reason : new Error("given up"));
  }
}

function allHeld(origin: string, concurrency: number): EntrepotError {
  return new EntrepotError(
    "busy",
    `all ${concurrency} connections to ${origin} are held by streams that nobody reads`,
    {
      retryable: false,
      hint: "read or cancel the open streams, open fewer at once, or raise concurrency",
    },
  );
}

/** undici gives a repeated header as an array. */
function joined(headers: Record<string, string | string[] | undefined>): ResponseHeaders {
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== "string") headers[name] = value?.join(", ");
  }
  return headers as Record<string, string>;
}
