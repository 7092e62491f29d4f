/**
 * The transport for work: undici, one pool of connections per origin, loaded at the first request (it costs about 40 ms of
 * CPU). Idle connections never keep the process alive.
 */
import { EntrepotError } from "../error/index.ts";
import { type Bounds, boundsOf, type OpenedOptions } from "./bounds.ts";
import { Deadlines } from "./deadlines.ts";
import { loadUndici, type Undici } from "./load-undici.ts";
import { routeTo, targetOn } from "./route.ts";
import type { ResponseSink, Transport, TransportRequest } from "./transport.ts";
import { UndiciExchange } from "./undici-exchange.ts";
import { type Dispatched, OriginPool } from "./undici-pool.ts";

class UndiciTransport implements Transport {
  readonly #options: OpenedOptions;
  readonly #bounds: Bounds;
  readonly #deadlines = new Deadlines();
  readonly #pools = new Map<string, OriginPool>();
  #undici: Undici | undefined;
  #closed = false;

  constructor(options: OpenedOptions) {
    this.#options = options;
    this.#bounds = boundsOf(options.timeouts);
  }

  send(request: TransportRequest, sink: ResponseSink): Promise<void> {
    return this.#undici === undefined
      ? this.#load().then((undici) => this.#dispatch(undici, request, sink))
      : this.#dispatch(this.#undici, request, sink);
  }

  async close(): Promise<void> {
    this.#closed = true;
    // Closing a pool would wait for connections that nobody wants any more.
    await this.#deadlines.empty();
    await Promise.all(Array.from(this.#pools.values(), (pool) => pool.destroy()));
  }

  async #load(): Promise<Undici> {
    this.#undici = await loadUndici();
    return this.#undici;
  }

  #dispatch(undici: Undici, request: TransportRequest, sink: ResponseSink): Promise<void> {
    return new Promise((resolve, reject) => {
      if (request.signal?.aborted === true) {
        reject(request.signal.reason);
        return;
      }
      if (this.#closed) {
        reject(new EntrepotError("unreachable", `${request.origin}: the transport is closed`, { retryable: false }));
        return;
      }
      const origin = this.#poolOf(undici, request.origin);
      const bounds = request.timeouts === undefined ? this.#bounds : boundsOf(request.timeouts, this.#bounds);
      const exchange = new UndiciExchange(request, sink, bounds, this.#deadlines, origin, resolve, reject);
      const options: Dispatched = {
        exchange,
        method: request.method,
        path: targetOn(origin.route, request.path),
        headers: exchange.headers(),
        // undici takes any async iterable; its types know only Node's streams.
        body: exchange.body() as Uint8Array | null,
        // undici closes the connection after every HEAD otherwise, which over TLS costs twenty-five times as much.
        ...(request.method === "HEAD" ? { reset: false } : undefined),
      };
      origin.pool.dispatch(options, exchange);
    });
  }

  #poolOf(undici: Undici, origin: string): OriginPool {
    let pool = this.#pools.get(origin);
    if (pool === undefined) {
      const { concurrency = 32, proxy, trust } = this.#options;
      pool = new OriginPool(undici, routeTo(origin, proxy), concurrency, this.#bounds.connectMs, trust);
      this.#pools.set(origin, pool);
    }
    return pool;
  }
}

/** Opens no connection yet. */
export function openUndiciTransport(options: OpenedOptions = {}): Transport {
  return new UndiciTransport(options);
}
