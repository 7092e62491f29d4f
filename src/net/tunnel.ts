/**
 * A way through a proxy: `CONNECT host:port` on a connection to it. What comes out is a socket that leads to the origin and has
 * carried nothing yet. Knows no pool and no time but the bound that it is given.
 */
import type { Socket } from "node:net";
import type { EntrepotError } from "../error/index.ts";
import type { ProxyServer } from "./proxy.ts";
import { proxyGarbled, proxyRefusal, proxySilent, proxyUnreachable } from "./proxy-failure.ts";

/** The longest head of an answer that is read, bytes. */
const headBytes = 16 * 1024;

/** Asks the proxy at the other end of `socket`; calls `done` once. A failure destroys the socket. */
export function openTunnel(
  socket: Socket,
  origin: string,
  proxy: ProxyServer,
  boundMs: number,
  done: (error: EntrepotError | undefined) => void,
): void {
  let head = Buffer.alloc(0);
  const timer = setTimeout(() => finish(proxySilent(origin, proxy, boundMs)), boundMs).unref();
  const onEnd = () => finish(proxyGarbled(origin, proxy, "it closed the connection"));
  const onError = (error: Error) => finish(proxyUnreachable(error, origin, proxy));
  const onReadable = () => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end !== -1) return finish(verdict(end));
      if (!"HTTP/1.".startsWith(head.toString("latin1", 0, 7)))
        return finish(proxyGarbled(origin, proxy, "what it answered is no HTTP/1.1"));
      if (head.byteLength > headBytes) return finish(proxyGarbled(origin, proxy, "its answer has no end"));
    }
  };
  function verdict(end: number): EntrepotError | undefined {
    const status = /^HTTP\/1\.[01] (\d{3})(?: |\r)/.exec(head.toString("latin1", 0, end + 2))?.[1];
    if (status === undefined) return proxyGarbled(origin, proxy, "what it answered is no HTTP/1.1");
    if (!status.startsWith("2")) return proxyRefusal(Number(status), origin, proxy);
    // a server that speaks first is none of ours; whatever stands here was put there by the proxy
    return end + 4 === head.byteLength ? undefined : proxyGarbled(origin, proxy, "it sent more than an answer");
  }
  function finish(error: EntrepotError | undefined): void {
    clearTimeout(timer);
    socket.off("readable", onReadable).off("end", onEnd).off("close", onEnd).off("error", onError);
    if (error !== undefined) socket.on("error", () => undefined).destroy();
    done(error);
  }
  socket.on("readable", onReadable).on("end", onEnd).on("close", onEnd).on("error", onError);
  socket.write(connectRequest(origin, proxy), "latin1");
}

function connectRequest(origin: string, { authorization }: ProxyServer): string {
  const { hostname, port } = new URL(origin);
  const target = `${hostname}:${port === "" ? 443 : port}`;
  const identity = authorization === undefined ? "" : `Proxy-Authorization: ${authorization}\r\n`;
  return `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${identity}\r\n`;
}
