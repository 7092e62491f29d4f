/** A proxy for tests: CONNECT and whole URLs, every host name leading to a port of this machine. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Certificate } from "./certificates.ts";

export interface ProxyServerOptions {
  /** The port of this machine that stands for `host:port`. */
  readonly portOf: (target: string) => number;
  /** What `Proxy-Authorization` must be; others get a 407. */
  readonly authorization?: string | undefined;
  /** Instead of a tunnel: the bytes of an answer; empty for silence. */
  readonly answer?: string | undefined;
  /** Speak TLS to the clients. */
  readonly certificate?: Certificate | undefined;
}

export interface TestProxy extends AsyncDisposable {
  readonly port: number;
  /** `CONNECT host:port`, `GET http://host/path` …, in order. */
  readonly requests: readonly string[];
  /** The headers of each, as they came. */
  readonly headers: readonly IncomingMessage["headers"][];
  readonly connections: number;
  /** Connections that stand now, to clients and origins. */
  readonly open: number;
}

export async function startProxy(options: ProxyServerOptions): Promise<TestProxy> {
  const requests: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const { certificate } = options;
  const server: Server = certificate === undefined ? createServer() : createTlsServer(certificate);
  const isKnown = (incoming: IncomingMessage) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    headers.push(incoming.headers);
    return options.authorization === undefined || incoming.headers["proxy-authorization"] === options.authorization;
  };
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  };
  server.on("connection", (socket: Socket) => {
    connections++;
    keep(socket);
  });
  server.on("connect", (incoming: IncomingMessage, client: Socket) => {
    client.on("error", () => undefined).on("end", () => client.end());
    if (!isKnown(incoming)) {
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    if (options.answer !== undefined) {
      client.resume();
      if (options.answer !== "") client.end(options.answer);
      return;
    }
    const upstream = connect(options.portOf(incoming.url ?? ""), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    keep(upstream);
    upstream.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  server.on("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!isKnown(incoming)) {
      outgoing.writeHead(407, { "content-length": "0" }).end();
      return;
    }
    const { host, pathname, search, port } = new URL(incoming.url ?? "");
    const passed = { ...incoming.headers };
    delete passed["proxy-authorization"];
    const onward = request(
      {
        port: options.portOf(port === "" ? `${host}:80` : host),
        host: "127.0.0.1",
        method: incoming.method,
        path: `${pathname}${search}`,
        headers: passed,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    headers,
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
