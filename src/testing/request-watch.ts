/** A log that grows: tells of each request when it comes, when its operation is known, and when it is answered. No timers. */
import { mistakeIn } from "../error/index.ts";
import type { RecordedRequest } from "../server/index.ts";
import { listing } from "./expected-requests.ts";
import { type RequestLog, requestLog } from "./request-log.ts";
import { type RequestSelector, requestFilter, selectorText } from "./request-match.ts";

export interface WaitOptions {
  /** For how many that match. Default 1. */
  readonly times?: number | undefined;
  /** Ends the waiting; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

const waitNames: ReadonlySet<string> = new Set<keyof WaitOptions>(["times", "signal"]);
const waitHint = (name: string) => (name === "timeout" ? "give a signal: AbortSignal.timeout(5_000)" : undefined);

export class RequestWatch {
  readonly requests: RecordedRequest[] = [];
  /** Told of every change of the log. */
  readonly #watchers = new Set<(request: RecordedRequest) => void>();
  readonly #arrivals = new Set<(request: RecordedRequest) => void>();
  readonly #ends = new Set<() => void>();
  #ended = false;

  /** A request has come. */
  add(request: RecordedRequest): void {
    this.requests.push(request);
    for (const arrived of this.#arrivals) arrived(request);
    this.changed(request);
  }

  /** Something more is known of a request. */
  changed(request: RecordedRequest): void {
    for (const watch of [...this.#watchers]) watch(request);
  }

  clear(): void {
    this.requests.length = 0;
  }

  /** No request will come any more. */
  end(): void {
    this.#ended = true;
    for (const end of [...this.#ends]) end();
  }

  /** Those that come between the call of `run` and its end. Rejects as `run` does. */
  async during(run: () => unknown): Promise<RequestLog> {
    const seen: RecordedRequest[] = [];
    const arrived = (request: RecordedRequest) => void seen.push(request);
    this.#arrivals.add(arrived);
    try {
      await run();
    } finally {
      this.#arrivals.delete(arrived);
    }
    return requestLog(seen);
  }

  /** See `S3Server.waitFor`. */
  async waitFor(selector: RequestSelector, options: WaitOptions = {}): Promise<RecordedRequest> {
    const isMeant = requestFilter("waitFor()", selector);
    const mistake = mistakeIn("waitFor()", options, waitNames, waitHint);
    if (mistake !== undefined) throw mistake;
    const { times = 1, signal } = options;
    if (!Number.isSafeInteger(times) || times < 1)
      throw new TypeError("times of waitFor() is a whole number from 1 up");
    signal?.throwIfAborted();
    const find = () => this.requests.filter(isMeant)[times - 1];
    const already = find();
    if (already !== undefined) return already;
    return await new Promise((resolve, reject) => {
      const watch = (request: RecordedRequest) => {
        if (!isMeant(request)) return;
        const found = find();
        if (found !== undefined) settle(() => resolve(found));
      };
      const abort = () => settle(() => reject(signal?.reason));
      const end = () =>
        settle(() => {
          const meant = `${times === 1 ? "" : `${times} of `}${selectorText(selector)}`;
          reject(new Error(`the server was closed while a test waited for ${meant}${listing(this.requests)}`));
        });
      const settle = (how: () => void) => {
        this.#watchers.delete(watch);
        this.#ends.delete(end);
        signal?.removeEventListener("abort", abort);
        how();
      };
      this.#watchers.add(watch);
      this.#ends.add(end);
      signal?.addEventListener("abort", abort);
      if (this.#ended) end();
    });
  }
}
