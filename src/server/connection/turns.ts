/**
 * Requests of one connection, one after the other: of two that come at once (pipelined), the second must see what the
 * first has changed. Requests of different connections know nothing of each other.
 */
import type { IncomingMessage } from "node:http";

interface Last {
  readonly request: IncomingMessage;
  readonly turn: Promise<void>;
  readonly before: Promise<void> | undefined;
}

export class Turns {
  readonly #last = new WeakMap<object, Last>();
  readonly #running = new Set<Promise<void>>();

  /** Runs it when the ones before it on this connection have been seen through. `run` never rejects. */
  take(request: IncomingMessage, run: () => Promise<void>): void {
    const before = this.#last.get(request.socket)?.turn;
    const turn = before === undefined ? run() : before.then(run);
    this.#last.set(request.socket, { request, turn, before });
    this.#running.add(turn);
    void turn.finally(() => this.#running.delete(turn));
  }

  /** Resolves when every request that came whole on this connection has been seen through. */
  async rest(socket: object): Promise<void> {
    const last = this.#last.get(socket);
    await (last?.request.complete ? last.turn : last?.before);
  }

  /** Resolves when nothing is under way at all. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
  }
}
