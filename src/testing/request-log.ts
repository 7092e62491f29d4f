/** Questions to a log of requests, and claims about it that fail with all that was seen. Waits for nothing. */
import type { RecordedRequest } from "../server/index.ts";
import { type RequestCounts, unexpectedRequests } from "./expected-requests.ts";
import { type RequestSelector, requestFilter } from "./request-match.ts";

export interface RequestLog {
  /** In the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Those that match; all without a selector. Error: TypeError for a misspelt one. */
  received(selector?: RequestSelector): readonly RecordedRequest[];
  /** How many match: `count("GET")`, `count({ operation: "GetObject", key: "a/*" })`. Error: TypeError for a misspelt one. */
  count(selector?: RequestSelector): number;
  /**
   * That there were exactly these and no others. Errors: node:assert's AssertionError, which lists what was seen;
   * TypeError for misspelt counts.
   */
  expectRequests(counts: RequestCounts): void;
}

/** Reads the array whenever it is asked. */
export function requestLog(requests: readonly RecordedRequest[]): RequestLog {
  const received = (selector?: RequestSelector): readonly RecordedRequest[] =>
    selector === undefined ? [...requests] : requests.filter(requestFilter("the selector", selector));
  const expectRequests = (counts: RequestCounts): void => {
    const failure = unexpectedRequests(requests, counts);
    if (failure !== undefined) throw failure.error(expectRequests);
  };
  return { requests, received, count: (selector) => received(selector).length, expectRequests };
}
