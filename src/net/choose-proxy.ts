/** Which proxy stands before which origin. This machine, and where machines keep their credentials, are never asked by way of one. */
import { isLinkLocal, isLoopback } from "./hosts.ts";
import { parseNoProxy } from "./no-proxy.ts";
import type { ProxyOf, ProxyServer } from "./proxy.ts";

export interface ProxyChoice {
  /** For https origins. */
  readonly https?: ProxyServer | undefined;
  /** For http origins. */
  readonly http?: ProxyServer | undefined;
  /** As in `NO_PROXY`. */
  readonly except?: string | undefined;
}

/** The answer for each origin; `undefined` when none ever has a proxy. */
export function chooseProxy({ https, http, except = "" }: ProxyChoice): ProxyOf | undefined {
  if (https === undefined && http === undefined) return undefined;
  const isExempt = parseNoProxy(except);
  return (origin) => {
    const { protocol, hostname, port } = new URL(origin);
    const secure = protocol === "https:";
    const proxy = secure ? https : http;
    if (proxy === undefined || isLoopback(hostname) || isLinkLocal(hostname)) return undefined;
    return isExempt(hostname, port === "" ? (secure ? 443 : 80) : Number(port)) ? undefined : proxy;
  };
}
