/**
 * A transport that asks each origin no more at once than it bears: answers 429 and 503 slow it down for all who share it, every
 * other answer counts towards more. It repeats nothing; whoever does waits outside.
 */
import { Pace, type PaceChange, type PaceListener } from "./pace.ts";
import type { ResponseHeaders, ResponseSink, Transport, TransportRequest } from "./transport.ts";

export interface PaceSettings {
  /** Requests on their way to one origin, from 1. */
  readonly most: number;
  /** Milliseconds. */
  readonly now: () => number;
  /** Told of every head and every piece of an answer, whoever asked. */
  readonly onAnswer?: (() => void) | undefined;
}

export type OriginPace = PaceChange & { readonly origin: string };

/** All that were made of one share the pace of each origin. */
export interface PacedTransport extends Transport {
  /** The same for one of those who use it: it hears of the changes that its own requests bring. */
  heardBy(listener: ((change: OriginPace) => void) | undefined): PacedTransport;
}

/** Opens nothing; closing it closes `transport`. */
export function withPace(transport: Transport, settings: PaceSettings): PacedTransport {
  return new Paced(transport, settings, new Map(), undefined);
}

class Paced implements PacedTransport {
  readonly #transport: Transport;
  readonly #settings: PaceSettings;
  readonly #paces: Map<string, Pace>;
  readonly #listener: ((change: OriginPace) => void) | undefined;

  constructor(
    transport: Transport,
    settings: PaceSettings,
    paces: Map<string, Pace>,
    listener: ((change: OriginPace) => void) | undefined,
  ) {
    this.#transport = transport;
    this.#settings = settings;
    this.#paces = paces;
    this.#listener = listener;
  }

  heardBy(listener: ((change: OriginPace) => void) | undefined): PacedTransport {
    return new Paced(this.#transport, this.#settings, this.#paces, listener);
  }

  send(request: TransportRequest, sink: ResponseSink): Promise<void> {
    const pace = this.#paceOf(request.origin);
    return pace.enter()
      ? this.#exchange(pace, request, sink)
      : pace.wait(request.signal).then(() => this.#exchange(pace, request, sink));
  }

  refusal(origin: string): Error | undefined {
    return this.#transport.refusal?.(origin);
  }

  throttled(origin: string): void {
    this.#paceOf(origin).throttled(undefined, { onPace: (change) => this.tell(origin, change) });
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  answered(): void {
    this.#settings.onAnswer?.();
  }

  tell(origin: string, change: PaceChange): void {
    this.#listener?.({ ...change, origin });
  }

  async #exchange(pace: Pace, request: TransportRequest, sink: ResponseSink): Promise<void> {
    const paced = new PacedExchange(this, pace, request.origin, sink);
    try {
      await this.#transport.send(paced.carried(request), paced);
    } finally {
      paced.end();
    }
  }

  #paceOf(origin: string): Pace {
    let pace = this.#paces.get(origin);
    if (pace === undefined) {
      pace = new Pace(this.#settings.most, this.#settings.now);
      this.#paces.set(origin, pace);
    }
    return pace;
  }
}

/** One request that has a place. Without closures per request, because every small read passes here. */
class PacedExchange implements ResponseSink, PaceListener {
  readonly #owner: Paced;
  readonly #pace: Pace;
  readonly #origin: string;
  readonly #sink: ResponseSink;
  readonly #turn: number;
  /** For how many of us it waits: the reader, the body's source. */
  #waits = 0;
  #ended = false;

  constructor(owner: Paced, pace: Pace, origin: string, sink: ResponseSink) {
    this.#owner = owner;
    this.#pace = pace;
    this.#origin = origin;
    this.#sink = sink;
    this.#turn = pace.turn;
  }

  /** The request with a body that tells when it waits for its source. */
  carried(request: TransportRequest): TransportRequest {
    const { body } = request;
    return body === undefined || body instanceof Uint8Array ? request : { ...request, body: this.#watched(body) };
  }

  head(status: number, headers: ResponseHeaders): void {
    if (status === 429 || status === 503) this.#pace.throttled(this.#turn, this);
    else this.#pace.answered(this.#turn, this);
    this.#owner.answered();
    this.#sink.head(status, headers);
  }

  onPace(change: PaceChange): void {
    this.#owner.tell(this.#origin, change);
  }

  data(chunk: Uint8Array): void | Promise<void> {
    this.#owner.answered();
    const taken = this.#sink.data(chunk);
    return taken === undefined ? undefined : this.#during(taken);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#waits === 0) this.#pace.leave();
  }

  async #during<T>(ours: Promise<T>): Promise<T> {
    if (this.#waits++ === 0 && !this.#ended) this.#pace.leave();
    try {
      return await ours;
    } finally {
      if (--this.#waits === 0 && !this.#ended) this.#pace.comeBack();
    }
  }

  #watched(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    return {
      [Symbol.asyncIterator]: () => {
        const pieces = body[Symbol.asyncIterator]();
        return {
          next: () => this.#during(pieces.next()),
          return: async () => (await pieces.return?.()) ?? { done: true, value: undefined },
        };
      },
    };
  }
}
