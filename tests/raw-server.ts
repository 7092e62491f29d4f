/** A server for tests that writes bytes, not HTTP: one script per connection, told what came. */
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { ResponseHeaders, ResponseSink, TransportRequest } from "../src/net/index.ts";

interface RawServer extends AsyncDisposable {
  readonly origin: string;
  /** What each connection has sent so far, in the order of opening. */
  readonly received: readonly string[];
  readonly sockets: readonly Socket[];
}

/**
 * Calls `answer` once per request head (or whole small request) with the socket, its text and its number from 1. `greeting` is
 * sent before anything came.
 */
export async function startRawServer(
  answer: (socket: Socket, request: string, n: number) => void,
  greeting = "",
): Promise<RawServer> {
  const received: string[] = [];
  const sockets: Socket[] = [];
  let requests = 0;
  const server = createServer((socket) => {
    const index = received.push("") - 1;
    sockets.push(socket);
    let pending = "";
    socket.on("error", () => undefined);
    if (greeting !== "") socket.write(greeting);
    socket.on("data", (chunk) => {
      const text = chunk.toString("latin1");
      received[index] += text;
      pending += text;
      for (let end = pending.indexOf("\r\n\r\n"); end !== -1; end = pending.indexOf("\r\n\r\n")) {
        const head = pending.slice(0, end + 4);
        // Bodies are not followed; a test that sends one reads `received`.
        pending = /^(GET|HEAD|DELETE)/.test(head) ? pending.slice(end + 4) : "";
        requests++;
        answer(socket, head, requests);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { origin: `http://127.0.0.1:${port}`, received, sockets, [Symbol.asyncDispose]: close };
}

/** Keeps what came. */
export class Recording implements ResponseSink {
  readonly statuses: number[] = [];
  headers: ResponseHeaders = {};
  body = "";
  head(status: number, headers: ResponseHeaders): void {
    this.statuses.push(status);
    this.headers = headers;
  }
  data(chunk: Uint8Array): void {
    this.body += Buffer.from(chunk).toString("latin1");
  }
}

export const get = (origin: string, more: Partial<TransportRequest> = {}): TransportRequest => ({
  method: "GET",
  origin,
  path: "/x",
  headers: {},
  ...more,
});

export const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: "a"\r\n\r\n0123456789';
export const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n";

export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error("it succeeded");
    },
    (error: unknown) => error,
  );
}
