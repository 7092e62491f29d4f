/** How undici comes to a connection on a route. Each step has the time of one connection. */
import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { buildConnector } from "undici";
import type { Making } from "./making.ts";
import type { ProxyServer } from "./proxy.ts";
import { proxyUnreachable } from "./proxy-failure.ts";
import type { Route } from "./route.ts";
import { openTunnel } from "./tunnel.ts";

/** undici's connector, told where to note the connection that it makes. */
export type Connect = (options: buildConnector.Options, making: Making, callback: buildConnector.Callback) => void;

/** A connector for one origin; `build` is undici's. */
export function connectorFor(
  build: typeof buildConnector,
  { origin, proxy, tunnelled }: Route,
  connectMs: number,
  trust: SecureContext | undefined,
): Connect {
  const connect = noting(
    build({ timeout: connectMs, ...(trust === undefined ? undefined : { secureContext: trust }) }),
  );
  if (proxy === undefined) return connect;
  const hop = hopTo(proxy);
  return (options, making, callback) => {
    connect(hop, making, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      if (error !== null) {
        callback(proxyUnreachable(error, origin, proxy), null);
        return;
      }
      if (!tunnelled) {
        callback(null, socket);
        return;
      }
      openTunnel(socket, origin, proxy, connectMs, (refusal) => {
        if (refusal === undefined) connect({ ...options, httpSocket: socket }, making, callback);
        else callback(refusal, null);
      });
    });
  };
}

function noting(connect: ReturnType<typeof buildConnector>): Connect {
  return (options, making, callback) => {
    // The types do not say that the connector gives the socket back; without it the bound of the connection ends it.
    const socket = connect(options, callback) as unknown as Socket | undefined;
    if (socket !== undefined) making.at(socket);
  };
}

/** What stands for the origin in the connection to the proxy. */
function hopTo({ protocol, hostname, port }: ProxyServer) {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return { protocol, hostname, host, port: String(port) };
}
