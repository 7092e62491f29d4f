/** The connections to one origin: how many stand, and what each of them has brought. */
import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { buildConnector, Client, Dispatcher, Pool } from "undici";
import type { Undici } from "./load-undici.ts";
import { Making } from "./making.ts";
import type { Route } from "./route.ts";
import { type Connect, connectorFor } from "./undici-connector.ts";
import type { Carrier, PoolState, UndiciExchange } from "./undici-exchange.ts";

export class OriginPool implements PoolState {
  readonly route: Route;
  readonly pool: Pool;
  readonly concurrency: number;
  held = 0;
  #standing = 0;
  readonly #underWay = new Set<Making>();

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

  /** Ends the connections, those that are being made as well. */
  async destroy(): Promise<void> {
    await this.pool.destroy();
    for (const making of this.#underWay) making.giveUp();
  }

  /** A client is one connection at a time; each exchange is told which one carries it. */
  #client(undici: Undici, origin: URL, options: Client.Options, connect: Connect): Client {
    const carrier: { socket: Socket | undefined; making: Making | undefined } = {
      socket: undefined,
      making: undefined,
    };
    const client = new undici.Client(origin, {
      ...options,
      connect: (to: buildConnector.Options, callback: buildConnector.Callback) => {
        const making = new Making();
        this.#underWay.add(making);
        carrier.making = making;
        connect(to, making, (...[error, socket]: Parameters<buildConnector.Callback>) => {
          making.end();
          this.#underWay.delete(making);
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
    // No connection is made for a request that was given up while it waited.
    if ("exchange" in options && !(options as Dispatched).exchange.onCarrier(carrier)) return true;
    return dispatch(options, handler);
  };
  return client;
}
