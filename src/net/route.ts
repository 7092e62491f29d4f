/** How an origin is reached: directly, or by way of a proxy. Decided once per origin. */
import type { ProxyOf, ProxyServer } from "./proxy.ts";
import { proxyName } from "./proxy-failure.ts";

export interface Route {
  readonly origin: string;
  readonly proxy: ProxyServer | undefined;
  /** Whether the proxy only opens a way (https); otherwise it gets whole URLs and reads along. */
  readonly tunnelled: boolean;
}

/** The route to `origin`. */
export function routeTo(origin: string, proxyOf: ProxyOf | undefined): Route {
  const proxy = proxyOf?.(origin);
  return { origin, proxy, tunnelled: proxy !== undefined && origin.startsWith("https:") };
}

/** The target of a request line. */
export function targetOn({ origin, proxy, tunnelled }: Route, path: string): string {
  return proxy === undefined || tunnelled ? path : `${origin}${path}`;
}

/** The headers of a request: the proxy's password stands in those that it reads, and in no others. */
export function headersOn(
  { proxy, tunnelled }: Route,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return proxy?.authorization === undefined || tunnelled
    ? headers
    : { ...headers, "proxy-authorization": proxy.authorization };
}

/** The other end, for messages. */
export function peerOf({ origin, proxy }: Route): string {
  return proxy === undefined ? origin : `${origin} by way of ${proxyName(proxy)}`;
}
