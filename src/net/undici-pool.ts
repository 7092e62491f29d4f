/** The connections to one origin: how many stand, and what each of them has brought. */
import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { buildConnector, Client, Dispatcher, Pool } from "undici";
import type { Route } from "./route.ts";
import { connectorFor } from "./undici-connector.ts";
import type { Carrier, PoolState, UndiciExchange } from "./undici-exchange.ts";

export type Undici = typeof import("undici");

export class OriginPool implements PoolState {
  readonly route: Route;
  readonly pool: Pool;
  readonly concurrency: number;
  held = 0;
  #standing = 0;

  constructor(undici: Undici, route: Route, concurrency: number, connectMs: number, trust: SecureContext | undefined) {
    this.route = route;
    this.concurrency = concurrency;
    const connect = connectorFor(undici.buildConnector, route, connectMs, trust);
    this.pool = new undici.Pool(route.origin, {
      connections: concurrency,
      pipelining: 1,
      // Time is watched by Deadlines, which knows the bounds of the single request.
      headersTimeout: 0,
      bodyTimeout: 0,
      factory: (origin, options) => this.#client(undici, origin, options as Client.Options, connect),
    });
  }

  get connected(): boolean {
    return this.#standing > 0;
  }

  /** A client is one connection at a time; each exchange is told which one carries it. */
  #client(undici: Undici, origin: URL, options: Client.Options, connect: ReturnType<typeof buildConnector>): Client {
    const carrier: { socket: Socket | undefined } = { socket: undefined };
    const client = new undici.Client(origin, {
      ...options,
      connect: (to: buildConnector.Options, callback: buildConnector.Callback) => {
        connect(to, (...[error, socket]: Parameters<buildConnector.Callback>) => {
          if (error !== null) {
            callback(error, null);
            return;
          }
          carrier.socket = socket;
          this.#standing++;
          socket.once("close", () => {
            this.#standing--;
          });
          callback(null, socket);
        });
      },
    });
    return carried(client, carrier);
  }
}

/** A request's options with the exchange beside them: undici wraps the handler, and hands the options on as they are. */
export interface Dispatched extends Dispatcher.DispatchOptions {
  readonly exchange: UndiciExchange;
}

/** The pool hands a request to the client that will carry it. */
function carried(client: Client, carrier: Carrier): Client {
  const dispatch = client.dispatch.bind(client);
  client.dispatch = (options, handler) => {
    if ("exchange" in options) (options as Dispatched).exchange.onCarrier(carrier);
    return dispatch(options, handler);
  };
  return client;
}
