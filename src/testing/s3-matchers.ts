/** Matchers for `expect.extend`, as vitest, Jest and Bun take them. Depends on none of them. */
import { listing, type RequestCounts, unexpectedRequests } from "./expected-requests.ts";
import type { RequestLog } from "./request-log.ts";
import { type RequestSelector, requestFilter, selectorText } from "./request-match.ts";

/** What a matcher gives its runner. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

/** As types: `declare module "vitest" { interface Matchers<T = any> extends S3Matchers<T> {} }`. */
export interface S3Matchers<R = unknown> {
  /** Exactly these requests and no others; see `RequestLog.expectRequests`. */
  toHaveReceived(counts: RequestCounts): R;
  /** At least one that matches. */
  toHaveReceivedRequest(selector: RequestSelector): R;
}

/** `expect.extend(s3Matchers)`; they take a server, or what `during` gives. */
export const s3Matchers: {
  toHaveReceived(received: unknown, counts: RequestCounts): MatcherResult;
  toHaveReceivedRequest(received: unknown, selector: RequestSelector): MatcherResult;
} = {
  toHaveReceived(received, counts) {
    const { requests } = asLog("toHaveReceived", received);
    const failure = unexpectedRequests(requests, counts);
    if (failure !== undefined) return { ...failure, pass: false, message: () => failure.message };
    return { pass: true, message: () => `expected other requests than these${listing(requests)}` };
  },
  toHaveReceivedRequest(received, selector) {
    const { requests } = asLog("toHaveReceivedRequest", received);
    const pass = requests.some(requestFilter("toHaveReceivedRequest()", selector));
    const claim = `expected ${pass ? "no request" : "a request"} with ${selectorText(selector)}`;
    return { pass, message: () => `${claim}; there came ${requests.length}${listing(requests)}` };
  },
};

function asLog(matcher: string, received: unknown): Pick<RequestLog, "requests"> {
  if (typeof received === "object" && received !== null && "requests" in received && Array.isArray(received.requests)) {
    return { requests: received.requests };
  }
  throw new TypeError(`${matcher} is for a server of startS3Server(), or for what its during() gives`);
}
