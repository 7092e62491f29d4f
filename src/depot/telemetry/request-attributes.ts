/** A request in the words of OpenTelemetry's semantic conventions for HTTP clients and S3. No query, no header, no credential. */
import type { DepotEvent } from "../options.ts";
import type { OtelAttributes } from "./otel-shapes.ts";

export type RequestDone = Extract<DepotEvent, { readonly type: "request" }>;

/** Why it failed: the status from 400 on, else our own word for what happened. */
export function errorTypeOf({ status, failure }: RequestDone): string | undefined {
  return status >= 400 ? String(status) : failure;
}

/** The server's name or number, an IPv6 one without its brackets. */
export function addressOf(origin: string): string {
  return new URL(origin).hostname.replace(/^\[|\]$/g, "");
}

/** Few values, so that they may label a metric. */
export function metricAttributes(event: RequestDone): OtelAttributes {
  const { protocol, port } = new URL(event.origin);
  const scheme = protocol.slice(0, -1);
  return given({
    "http.request.method": event.method,
    "http.response.status_code": event.status === 0 ? undefined : event.status,
    "server.address": addressOf(event.origin),
    "server.port": port === "" ? (scheme === "https" ? 443 : 80) : Number(port),
    "url.scheme": scheme,
    "error.type": errorTypeOf(event),
  });
}

/** All that is known of one request. */
export function spanAttributes(event: RequestDone): OtelAttributes {
  const { uri = "", attempt } = event;
  return given({
    ...metricAttributes(event),
    ...(uri.startsWith("s3://") ? objectAttributes(uri) : { "url.full": uri }),
    "http.request.resend_count": attempt > 1 ? attempt - 1 : undefined,
    "http.request.body.size": event.sentBytes,
    "http.response.body.size": event.receivedBytes,
  });
}

function objectAttributes(uri: string): OtelAttributes {
  const path = uri.slice("s3://".length);
  const slash = path.indexOf("/");
  const bucket = slash < 0 ? path : path.slice(0, slash);
  const key = slash < 0 ? "" : path.slice(slash + 1);
  return { "aws.s3.bucket": bucket === "" ? undefined : bucket, "aws.s3.key": key === "" ? undefined : key };
}

function given(attributes: OtelAttributes): OtelAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
