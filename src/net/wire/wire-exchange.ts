/** One request in flight on a connection of our own: what happens there as the steps of an exchange. */
import { EntrepotError } from "../../error/index.ts";
import type { Bounds } from "../bounds.ts";
import type { Deadlines } from "../deadlines.ts";
import { Exchange } from "../exchange.ts";
import { transportFailure } from "../failure.ts";
import { wholeBodyBytes } from "../request-body.ts";
import { peerOf } from "../route.ts";
import type { ResponseSink, TransportRequest } from "../transport.ts";
import type { AnswerHead } from "./answer-head.ts";
import type { Connection } from "./connection.ts";
import type { Entrant, WirePool } from "./pool.ts";
import { type SendProgress, sendBody } from "./send-body.ts";

/** How many times the connect bound a request waits for a connection while nobody reads from any. */
const patience = 6;

export class WireExchange extends Exchange implements Entrant, SendProgress {
  sending = false;
  readonly #pool: WirePool;
  readonly #head: string;
  #connection: Connection | undefined;
  #waits = 0;

  constructor(
    request: TransportRequest,
    head: string,
    sink: ResponseSink,
    bounds: Bounds,
    deadlines: Deadlines,
    pool: WirePool,
    resolve: () => void,
    reject: (reason: unknown) => void,
  ) {
    super(request, pool.route, sink, bounds, deadlines, resolve, reject);
    this.#pool = pool;
    this.#head = head;
    this.enter("connect");
  }

  get stopped(): boolean {
    return this.settled;
  }

  await(connection: Connection): void {
    this.#connection = connection;
  }

  start(connection: Connection): void {
    this.#connection = connection;
    const { body, method } = this.request;
    const socket = connection.carry(this, method === "HEAD");
    if (body === undefined || (body instanceof Uint8Array && body.byteLength <= wholeBodyBytes)) {
      this.enter("first-byte");
      if (body === undefined || body.byteLength === 0) socket.write(this.#head, "latin1");
      else socket.write(connection.joined(this.#head, body));
      return;
    }
    this.sending = true;
    this.enter("send");
    const announced = body instanceof Uint8Array ? body.byteLength : Number(this.request.headers["content-length"]);
    void sendBody(socket, this.#head, body, announced, this);
  }

  override onEnd(): void {
    this.sending = false;
    super.onEnd();
  }

  onWait(): void {
    this.#connection?.hasSent();
  }

  override onDeadline(): void {
    if (this.phase === "send" && this.#connection?.hasSent() === true) this.enter("send");
    else if (this.phase !== "connect" || this.#connection !== undefined || !this.#pool.connected) super.onDeadline();
    else this.#waitOn();
  }

  onAnswerHead({ status, headers }: AnswerHead): void {
    this.takeHead(status, headers);
  }

  onAnswerData(piece: Uint8Array): void {
    if (this.#connection !== undefined) this.takeData(this.#connection, piece);
  }

  onAnswerEnd(): void {
    this.succeed();
  }

  onLost(error: Error, mute: boolean): void {
    this.fail(transportFailure(error, peerOf(this.route), this.phase, mute));
  }

  protected override onHeld(): void {
    this.#pool.held += 1;
  }

  protected override onReleased(): void {
    this.#pool.held -= 1;
  }

  protected override cancel(): void {
    if (this.#connection === undefined) this.#pool.leave(this);
    else this.#connection.destroy();
  }

  /** Waiting for a free connection is not a failure of the server, but it must not last for ever. */
  #waitOn(): void {
    const { held, concurrency } = this.#pool;
    this.#waits = held >= concurrency ? this.#waits + 1 : 0;
    if (this.#waits < patience) this.enter("connect");
    else this.fail(allHeld(this.request.origin, concurrency));
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
