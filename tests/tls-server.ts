/** An https server for tests: answers what it is told, and counts its connections. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Certificate } from "./certificates.ts";

export interface TlsServer extends AsyncDisposable {
  readonly port: number;
  readonly requests: readonly IncomingMessage[];
  readonly connections: number;
  /** Connections that stand now. */
  readonly open: number;
}

export async function startTlsServer(
  certificate: Certificate,
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Promise<TlsServer> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer(certificate, (incoming, outgoing) => {
    requests.push(incoming);
    answer(incoming, outgoing);
  });
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
