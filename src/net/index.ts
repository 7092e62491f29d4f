/** The only opener of sockets. */
export { offAbort, onAbort } from "./abort-hub.ts";
export type { TransportOptions } from "./bounds.ts";
export { NeverSent } from "./failure.ts";
export { type NetworkMode, withNetworkSwitch } from "./offline.ts";
export { type OpenTransportOptions, openTransport } from "./open-transport.ts";
export type { ResponseHeaders, ResponseSink, Timeouts, Transport, TransportRequest } from "./transport.ts";
