/** A request with other headers, or another query, than it came with. */
import type { IncomingRequest } from "./incoming-request.ts";
import { Query } from "./query.ts";

/** As if these headers had not been sent. */
export function withoutHeaders(request: IncomingRequest, drops: (name: string) => boolean): IncomingRequest {
  if (!request.headerNames().some(drops)) return request;
  return {
    ...request,
    header: (name) => (drops(name) ? undefined : request.header(name)),
    headerLines: (name) => (drops(name) ? [] : request.headerLines(name)),
    headerNames: () => request.headerNames().filter((name) => !drops(name)),
  };
}

/** As if this header had been sent so, and once. */
export function withHeader(request: IncomingRequest, changed: string, value: string): IncomingRequest {
  return {
    ...request,
    header: (name) => (name === changed ? value : request.header(name)),
    headerLines: (name) => (name === changed ? [value] : request.headerLines(name)),
    headerNames: () => [...new Set([...request.headerNames(), changed])],
  };
}

/** As if these had been sent, too; those that were win. Names in lower case. */
export function withMoreHeaders(request: IncomingRequest, more: ReadonlyMap<string, string>): IncomingRequest {
  if (more.size === 0) return request;
  return {
    ...request,
    header: (name) => request.header(name) ?? more.get(name),
    headerLines: (name) => {
      const lines = request.headerLines(name);
      return lines.length > 0 ? lines : [more.get(name)].filter((value) => value !== undefined);
    },
    headerNames: () => [...new Set([...request.headerNames(), ...more.keys()])],
  };
}

/** As if the query did not hold this. */
export function withoutParameter(request: IncomingRequest, name: string): IncomingRequest {
  const { query } = request.target;
  if (!query.has(name)) return request;
  const pairs = query.pairs.filter(([known]) => known !== name);
  return {
    ...request,
    target: { ...request.target, query: new Query(pairs) },
  };
}
