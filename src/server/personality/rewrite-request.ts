/** A request with other headers, or another query, than it came with. */
import type { IncomingRequest } from "../incoming-request.ts";
import { Query } from "../query.ts";

/** As if these headers had not been sent. */
export function withoutHeaders(request: IncomingRequest, drops: (name: string) => boolean): IncomingRequest {
  if (!request.headerNames().some(drops)) return request;
  return {
    ...unchanged(request),
    header: (name) => (drops(name) ? undefined : request.header(name)),
    headerLines: (name) => (drops(name) ? [] : request.headerLines(name)),
    headerNames: () => request.headerNames().filter((name) => !drops(name)),
  };
}

/** As if this header had been sent so, and once. */
export function withHeader(request: IncomingRequest, changed: string, value: string): IncomingRequest {
  return {
    ...unchanged(request),
    header: (name) => (name === changed ? value : request.header(name)),
    headerLines: (name) => (name === changed ? [value] : request.headerLines(name)),
    headerNames: () => [...new Set([...request.headerNames(), changed])],
  };
}

/** As if the query did not hold this. */
export function withoutParameter(request: IncomingRequest, name: string): IncomingRequest {
  const { query } = request.target;
  if (!query.has(name)) return request;
  const pairs = query.pairs.filter(([known]) => known !== name);
  return {
    ...unchanged(request),
    target: { ...request.target, query: new Query(pairs) },
    header: (one) => request.header(one),
    headerLines: (one) => request.headerLines(one),
    headerNames: () => request.headerNames(),
  };
}

function unchanged(request: IncomingRequest): Omit<IncomingRequest, "header" | "headerLines" | "headerNames"> {
  const { method, target, nowMs, secure } = request;
  return { method, target, nowMs, secure, peer: () => request.peer(), body: (quietly) => request.body(quietly) };
}
