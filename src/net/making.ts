/**
 * A connection that is being made, perhaps in several steps. Until it stands neither an agent nor a pool knows of it: whoever no
 * longer wants it gives it up here.
 */
import type { Socket } from "node:net";

export class Making {
  #socket: Socket | undefined;

  /** The step that it has come to. */
  at(socket: Socket): void {
    this.#socket = socket;
  }

  /** It stands, or has failed. */
  end(): void {
    this.#socket = undefined;
  }

  /** Ends the step in progress, whose error tells who makes it. Without effect when there is none. */
  giveUp(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.on("error", () => undefined).destroy(new Error("nobody waits for the connection any more"));
  }
}
