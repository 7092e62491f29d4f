/** How undici comes to a connection on a route. Each step has the time of one connection. */
import type { SecureContext } from "node:tls";
import type { buildConnector } from "undici";
import type { ProxyServer } from "./proxy.ts";
import { proxyUnreachable } from "./proxy-failure.ts";
import type { Route } from "./route.ts";
import { openTunnel } from "./tunnel.ts";

type Connect = ReturnType<typeof buildConnector>;

/** A connector for one origin; `build` is undici's. */
export function connectorFor(
  build: typeof buildConnector,
  { origin, proxy, tunnelled }: Route,
  connectMs: number,
  trust: SecureContext | undefined,
): Connect {
  const connect = build({ timeout: connectMs, ...(trust === undefined ? undefined : { secureContext: trust }) });
  if (proxy === undefined) return connect;
  const hop = hopTo(proxy);
  return (options, callback) => {
    connect(hop, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      if (error !== null) {
        callback(proxyUnreachable(error, origin, proxy), null);
        return;
      }
      if (!tunnelled) {
        callback(null, socket);
        return;
      }
      openTunnel(socket, origin, proxy, connectMs, (refusal) => {
        if (refusal === undefined) connect({ ...options, httpSocket: socket }, callback);
        else callback(refusal, null);
      });
    });
  };
}

/** What stands for the origin in the connection to the proxy. */
function hopTo({ protocol, hostname, port }: ProxyServer) {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return { protocol, hostname, host, port: String(port) };
}
