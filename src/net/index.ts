/** The only opener of sockets. */
export { offAbort, onAbort } from "./abort-hub.ts";
export type { TransportOptions } from "./bounds.ts";
export { parseCertificates } from "./certificates.ts";
export { chooseProxy, type ProxyChoice } from "./choose-proxy.ts";
export { HungUp, NeverSent } from "./failure.ts";
export { isLinkLocal, isLoopback } from "./hosts.ts";
export { type NetworkMode, withNetworkSwitch } from "./offline.ts";
export { type OpenTransportOptions, openTransport } from "./open-transport.ts";
export { type OriginPace, type PacedTransport, type PaceSettings, withPace } from "./paced-transport.ts";
export { type ProxyOf, type ProxyServer, parseProxy } from "./proxy.ts";
export type { ResponseHeaders, ResponseSink, Timeouts, Transport, TransportRequest } from "./transport.ts";
