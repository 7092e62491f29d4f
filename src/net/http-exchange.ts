/**
 * One request in flight in node:http: its events as the steps of an exchange.
 */
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Bounds } from "./bounds.ts";
import type { Deadlines } from "./deadlines.ts";
import { Exchange } from "./exchange.ts";
import { transportFailure } from "./failure.ts";
import type { Making } from "./making.ts";
import { proxyUnreachable } from "./proxy-failure.ts";
import { piecesOf, wholeBodyBytes } from "./request-body.ts";
import { peerOf, type Route } from "./route.ts";
import type { ResponseHeaders, ResponseSink, TransportRequest } from "./transport.ts";

/** A request that was begun. */
export interface Outgoing {
  readonly request: ClientRequest;
  /** The connection that is made for it, where Node would not end it with the request. */
  readonly making: Making | undefined;
}

export class HttpExchange extends Exchange {
  readonly #outgoing: ClientRequest;
  readonly #making: Making | undefined;
  /** Node ends a stream that is paused in its last piece all the same. */
  #ended: IncomingMessage | undefined;
  /** What had come over the connection before this request, bytes. */
  #receivedBefore = 0;

  constructor(
    { request: outgoing, making }: Outgoing,
    request: TransportRequest,
    route: Route,
    sink: ResponseSink,
    bounds: Bounds,
    deadlines: Deadlines,
    resolve: () => void,
    reject: (reason: unknown) => void,
  ) {
    super(request, route, sink, bounds, deadlines, resolve, reject);
    this.#outgoing = outgoing;
    this.#making = making;
    // A way through a proxy is made before there is a socket to wait for.
    if (route.tunnelled) this.enter("connect");
    outgoing.on("socket", (socket) => {
      this.#receivedBefore = socket.bytesRead;
      if (!socket.connecting) return this.#send();
      this.enter("connect");
      // A TLS socket is "connected" before the handshake, which is the part that hangs.
      const firstHop = route.proxy?.protocol ?? request.origin;
      socket.once(firstHop.startsWith("https:") ? "secureConnect" : "connect", () => this.#send());
    });
    outgoing.on("response", (incoming) => this.#receive(incoming));
    outgoing.on("error", (error) => this.fail(this.#failure(error)));
  }

  protected override cancel(): void {
    this.#outgoing.destroy();
    this.#making?.giveUp();
  }

  protected override onReleased(): void {
    if (this.#ended !== undefined) this.#finish(this.#ended);
  }

  #failure(error: Error): unknown {
    const { proxy, tunnelled, origin } = this.route;
    if (this.phase === "connect" && proxy !== undefined && !tunnelled) return proxyUnreachable(error, origin, proxy);
    const { reusedSocket, socket } = this.#outgoing;
    const isMute = socket === null || socket.bytesRead <= this.#receivedBefore;
    return transportFailure(error, peerOf(this.route), this.phase, reusedSocket && isMute);
  }

  #send(): void {
    if (this.settled || this.phase !== "connect") return;
    const { body } = this.request;
    if (body === undefined || (body instanceof Uint8Array && body.byteLength <= wholeBodyBytes)) {
      this.enter("first-byte");
      this.#outgoing.end(body);
      return;
    }
    this.enter("send");
    this.#sendPieces(body).catch((reason: unknown) => this.onBroken(reason));
  }

  async #sendPieces(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of piecesOf(body, this)) {
      if (this.settled || this.#outgoing.destroyed) return;
      if (!this.#outgoing.write(piece)) await drained(this.#outgoing);
    }
    this.#outgoing.end();
  }

  #receive(incoming: IncomingMessage): void {
    if (this.settled) return;
    incoming.on("error", (error) => this.fail(transportFailure(error, peerOf(this.route), "body")));
    incoming.on("end", () => this.#finish(incoming));
    this.takeHead(incoming.statusCode ?? 0, headersOf(incoming));
    if (!this.settled) incoming.on("data", (chunk: Uint8Array) => this.takeData(incoming, chunk));
  }

  #finish(incoming: IncomingMessage): void {
    if (this.settled) return;
    if (this.held) {
      this.#ended = incoming;
      return;
    }
    if (!incoming.complete) {
      this.fail(transportFailure(new Error("the connection was closed"), peerOf(this.route), "body"));
      return;
    }
    // The answer came before the whole body was out: what is left would be read as the next request.
    if (!this.#outgoing.writableFinished) this.#outgoing.destroy();
    this.succeed();
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
