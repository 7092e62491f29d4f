/** The connections to one origin: as many as are allowed, made when they are needed, and closed when they were idle for long. */
import type { SecureContext } from "node:tls";
import type { Route } from "../route.ts";
import { connectTo, type Origin, originAt } from "./connect.ts";
import { type Carried, Connection, type ConnectionOwner } from "./connection.ts";

/** What wants a connection. */
export interface Entrant extends Carried {
  /** One is being made for it. */
  await(connection: Connection): void;
  /** It goes out over this one. */
  start(connection: Connection): void;
}

export class WirePool implements ConnectionOwner {
  readonly route: Route;
  readonly concurrency: number;
  /** As a request names it. */
  readonly host: string;
  /** Connections whose reader does not read. */
  held = 0;
  readonly #origin: Origin;
  readonly #connections = new Set<Connection>();
  /** The one that was used last is used first, so that the others become old. */
  readonly #idle: Connection[] = [];
  readonly #waiting = new Set<Entrant>();
  #standing = 0;
  #sweep: NodeJS.Timeout | undefined;

  constructor(route: Route, concurrency: number, trust: SecureContext | undefined) {
    this.route = route;
    this.concurrency = concurrency;
    this.host = new URL(route.origin).host;
    this.#origin = originAt(route.origin, trust);
  }

  /** Whether any connection stands; without one a waiting request is waiting for the server. */
  get connected(): boolean {
    return this.#standing > 0;
  }

  /** Gives the exchange a connection, now or when there is one. */
  enter(exchange: Entrant): void {
    const connection = this.#takeIdle();
    if (connection !== undefined) exchange.start(connection);
    else if (this.#connections.size < this.concurrency) this.#open(exchange);
    else this.#waiting.add(exchange);
  }

  /** Nobody wants it to be sent any more. */
  leave(exchange: Entrant): void {
    this.#waiting.delete(exchange);
  }

  destroy(): void {
    for (const connection of [...this.#connections]) connection.destroy();
    clearTimeout(this.#sweep);
  }

  onFree(connection: Connection): void {
    const next = this.#nextWaiting();
    if (next !== undefined) {
      next.start(connection);
      return;
    }
    if (connection.idleMs <= 0) {
      connection.destroy();
      return;
    }
    connection.hold(false);
    connection.idleSinceMs = performance.now();
    this.#idle.push(connection);
    this.#sweep ??= setTimeout(() => this.#closeOld(), connection.idleMs).unref();
  }

  onClosed(connection: Connection): void {
    this.#connections.delete(connection);
    if (connection.hasStood) this.#standing -= 1;
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
    const next = this.#nextWaiting();
    if (next !== undefined) this.#open(next);
  }

  #takeIdle(): Connection | undefined {
    const now = performance.now();
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (now - connection.idleSinceMs < connection.idleMs) {
        connection.hold(true);
        return connection;
      }
      connection.destroy();
    }
    return undefined;
  }

  #nextWaiting(): Entrant | undefined {
    const [next] = this.#waiting;
    if (next !== undefined) this.#waiting.delete(next);
    return next;
  }

  #open(exchange: Entrant): void {
    const connection = new Connection(this);
    this.#connections.add(connection);
    exchange.await(connection);
    connectTo(this.#origin, connection, exchange, () => {
      this.#standing += 1;
      connection.hasStood = true;
      exchange.start(connection);
    });
  }

  #closeOld(): void {
    const now = performance.now();
    this.#sweep = undefined;
    for (const connection of [...this.#idle]) {
      if (now - connection.idleSinceMs >= connection.idleMs) connection.destroy();
    }
    const left = this.#idle.map(({ idleSinceMs, idleMs }) => idleSinceMs + idleMs - now);
    if (left.length > 0) this.#sweep = setTimeout(() => this.#closeOld(), Math.max(1, ...left)).unref();
  }
}
