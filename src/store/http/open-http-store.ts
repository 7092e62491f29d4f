/**
 * A web server as a store that can only be read: keys are the path and query behind the origin, as they are in the URL. Nothing
 * is listed or written, and no credentials are sent.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Transport } from "../../net/index.ts";
import { checkNoVersion } from "../conditions.ts";
import type { BodySink, ListPage, ObjectInfo, ObjectStore, ReadOptions, ReadResult } from "../object-store.ts";
import type { OwnRetries } from "../own-retries.ts";
import type { PlannedCall, PlannedCosts } from "../planned-calls.ts";
import type { AnswerSink } from "../remote/answer.ts";
import type { AttemptContext, RetryEvent } from "../remote/attempts.ts";
import { call } from "../remote/call.ts";
import { contentLength, objectInfo } from "../remote/object-info.ts";
import { readObject } from "../remote/read.ts";
import { type Clock, defaultRetryPolicy, type RetryPolicy } from "../retry-policy.ts";
import { systemClock } from "../system-clock.ts";
import { HeadOnly } from "./head-only.ts";
import { type HttpRequestEvent, HttpRequests, type RedirectPolicy } from "./http-requests.ts";

export interface HttpStoreOptions {
  /** `https://host[:port]`. */
  readonly origin: string;
  /** Whoever opened it closes it. */
  readonly transport: Transport;
  readonly clock?: Clock | undefined;
  /** Default: 10 tries within 180 s. */
  readonly retry?: RetryPolicy | undefined;
  /** Which redirects are followed, at most five in a row. Default `"same-host"`: those to the same scheme, host and port. */
  readonly redirects?: RedirectPolicy | undefined;
  readonly onEvent?: ((event: HttpRequestEvent | RetryEvent) => void) | undefined;
}

/** Opens the store. Nothing is sent. Error: invalid-address for an origin that is none, or holds a password. */
export function openHttpStore(options: HttpStoreOptions): ObjectStore {
  return new HttpStore(options);
}

type StatOptions = Omit<ReadOptions, "range" | "ifNoneMatch">;

class HttpStore implements ObjectStore, OwnRetries {
  readonly uri: string;
  readonly retriesByItself = true;
  readonly #requests: HttpRequests;
  readonly #retry: RetryPolicy;
  readonly #onEvent: HttpStoreOptions["onEvent"];

  constructor(options: HttpStoreOptions) {
    const origin = checkedOrigin(options.origin);
    this.uri = `${origin}/`;
    this.#retry = options.retry ?? defaultRetryPolicy;
    this.#onEvent = options.onEvent;
    const { transport, clock = systemClock, redirects = "same-host", onEvent } = options;
    this.#requests = new HttpRequests({ origin, transport, clock, redirects, onRequest: onEvent });
  }

  async read(key: string, sink: BodySink, options: ReadOptions = {}): Promise<ReadResult | "not-modified"> {
    const context = this.#contextOf("GET", key, options);
    checkNoVersion(context.uri, options.versionId);
    const { range, ifMatch, ifNoneMatch, signal, untilStarted } = options;
    return readObject(
      {
        ...context,
        key,
        range,
        ifMatch,
        ifNoneMatch,
        headers: {},
        findings: undefined,
        layout: undefined,
        parallel: undefined,
        untilStarted,
        send: (headers, answer, timeouts = options.timeouts) =>
          this.#requests.send({ method: "GET", key, headers, signal, timeouts }, answer),
        stat: () => this.stat(key, options),
      },
      sink,
    );
  }

  async stat(key: string, options: StatOptions = {}): Promise<ObjectInfo> {
    const { uri } = this.#contextOf("HEAD", key, options);
    checkNoVersion(uri, options.versionId);
    const info = await this.#head(key, options);
    if (options.ifMatch !== undefined && options.ifMatch !== info.etag) {
      throw new EntrepotError("precondition-failed", `${uri} is not the version that was asked for`, { uri });
    }
    return info;
  }

  async write(): Promise<never> {
    throw this.#readOnly();
  }

  async delete(): Promise<never> {
    throw this.#readOnly();
  }

  // biome-ignore lint/correctness/useYield: it fails before the first page
  async *list(): AsyncGenerator<ListPage, void, void> {
    throw new EntrepotError("unsupported", `${this.uri} cannot be listed`, {
      uri: this.uri,
      hint: "The web knows no folders; name the object.",
    });
  }

  async copyFrom(): Promise<never> {
    throw this.#readOnly();
  }

  requestsOf({ call }: PlannedCall): PlannedCosts | undefined {
    if (call === "copyFrom") return undefined;
    return call === "stat" ? { head: 1 } : { get: 1 };
  }

  /** The connections belong to whoever gave the transport. */
  async close(): Promise<void> {}

  async #head(key: string, options: StatOptions): Promise<ObjectInfo> {
    const { signal, timeouts } = options;
    try {
      const context = this.#contextOf("HEAD", key, options);
      const send = (sink: AnswerSink) =>
        this.#requests.send({ method: "HEAD", key, headers: {}, signal, timeouts }, sink);
      const { headers } = await call(context, send);
      const sizeBytes = contentLength(headers);
      if (sizeBytes !== undefined) return objectInfo(key, sizeBytes, headers);
    } catch (error) {
      // A URL that is signed for GET says forbidden to HEAD; other servers do not know HEAD.
      if (!isEntrepotError(error, "forbidden", "unsupported", "unauthenticated")) throw error;
    }
    const context = this.#contextOf("GET", key, options);
    const headers = { range: "bytes=0-0" };
    const head = new HeadOnly(key, context.uri);
    await call(context, async (sink) => {
      try {
        await this.#requests.send({ method: "GET", key, headers, signal, timeouts }, head.before(sink));
      } catch (error) {
        if (!head.has(error)) throw error;
      }
    });
    return head.info();
  }

  #contextOf(method: string, key: string, options: StatOptions): AttemptContext & { readonly uri: string } {
    return {
      clock: this.#requests.clock,
      policy: options.retry ?? this.#retry,
      uri: `${this.uri}${key}`,
      method,
      identity: "unsigned",
      signal: options.signal,
      onRetry: this.#onEvent,
    };
  }

  #readOnly(): EntrepotError {
    return new EntrepotError("read-only", `${this.uri} can only be read`, { uri: this.uri });
  }
}

function checkedOrigin(origin: string): string {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new EntrepotError("invalid-address", "the address is not that of a web server, or holds a password", {
      hint: "Write https://host/path; for a server that wants a password, download the file by other means.",
    });
  }
  return url.origin;
}
