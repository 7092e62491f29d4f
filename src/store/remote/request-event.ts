/** One request was answered, or was not: what whoever watches a store over the network is told. Holds no secret. */
import type { RequestFailure } from "./request-failure.ts";

export interface RequestEvent {
  readonly type: "request";
  readonly method: string;
  readonly bucket: string | undefined;
  /** Encoded. */
  readonly key: string;
  /** Absent when no answer came. */
  readonly status: number | undefined;
  /** `https://host[:port]` of the server that was asked. */
  readonly origin: string;
  /** Which try of its call this was, from 1. */
  readonly attempt: number;
  /** Why no whole answer came; absent for answers, refusals included. */
  readonly failure: RequestFailure | undefined;
  /** When it began, milliseconds since 1970. */
  readonly startedMs: number;
  readonly ms: number;
  /** Of the bodies only. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
}
