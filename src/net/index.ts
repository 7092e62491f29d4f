/** The only opener of sockets. */
export type { ResponseHeaders, ResponseSink, Timeouts, Transport, TransportRequest } from "./transport.ts";
