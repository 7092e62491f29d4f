/** What a transport is made of, and what bounds each of its requests, with the defaults filled in. */
import type { SecureContext } from "node:tls";
import type { ProxyOf } from "./proxy.ts";
import type { Timeouts } from "./transport.ts";

export interface TransportOptions {
  /** Connections, and so requests in flight, per origin; the others wait. Default 32. */
  readonly concurrency?: number | undefined;
  /** Bounds of every request that does not bring its own. */
  readonly timeouts?: Timeouts | undefined;
  /** Which proxy leads to an origin; asked once for each. Default: every connection is direct. */
  readonly proxy?: ProxyOf | undefined;
}

/** With what is made of them before the first request. */
export interface OpenedOptions extends TransportOptions {
  /** Whose certificates are trusted. Default: Node's own choice. */
  readonly trust?: SecureContext | undefined;
}

export interface Bounds {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
  /** The shortest of the three. */
  readonly shortestMs: number;
}

export const defaultBounds: Bounds = { connectMs: 5_000, firstByteMs: 30_000, idleMs: 30_000, shortestMs: 5_000 };

/** `timeouts` over `base`, which holds the transport's own. */
export function boundsOf(timeouts: Timeouts | undefined, base: Bounds = defaultBounds): Bounds {
  if (timeouts === undefined) return base;
  const connectMs = timeouts.connectMs ?? base.connectMs;
  const firstByteMs = timeouts.firstByteMs ?? base.firstByteMs;
  const idleMs = timeouts.idleMs ?? base.idleMs;
  return { connectMs, firstByteMs, idleMs, shortestMs: Math.min(connectMs, firstByteMs, idleMs) };
}
