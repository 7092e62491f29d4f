/**
 * Requests to a web server: unsigned, and led on by redirects within the server, to others only where that is allowed. Nothing
 * goes along but the range and the conditions. Never from https to http, nor from outside to this machine or its credentials.
 */
import { EntrepotError } from "../../error/index.ts";
import { isLinkLocal, isLoopback, type Timeouts, type Transport } from "../../net/index.ts";
import { Answer, type AnswerSink, Refused } from "../remote/answer.ts";
import { refusalOf } from "../remote/refusal.ts";
import type { RequestEvent } from "../remote/request-event.ts";
import { type RequestFailure, requestFailure } from "../remote/request-failure.ts";
import type { Clock } from "../retry-policy.ts";

const mostRedirects = 5;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** `key` is path and query without the first `/`, and the query may be a signature. */
export interface HttpRequestEvent extends RequestEvent {
  readonly bucket: undefined;
}

interface HttpRequest {
  readonly method: "GET" | "HEAD";
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/** Where a redirect may lead: the same scheme, host and port, or any server. */
export type RedirectPolicy = "same-host" | "any";

interface HttpRequestsOptions {
  readonly origin: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly redirects: RedirectPolicy;
  readonly onRequest?: ((event: HttpRequestEvent) => void) | undefined;
}

export class HttpRequests {
  readonly origin: string;
  readonly clock: Clock;
  readonly #transport: Transport;
  readonly #redirects: RedirectPolicy;
  readonly #onRequest: HttpRequestsOptions["onRequest"];

  constructor(options: HttpRequestsOptions) {
    this.origin = options.origin;
    this.clock = options.clock;
    this.#transport = options.transport;
    this.#redirects = options.redirects;
    this.#onRequest = options.onRequest;
  }

  /** One try. Rejects with `Refused`, with an error of the transport, with what `sink` threw, or `signal.reason`. */
  async send(request: HttpRequest, sink: AnswerSink): Promise<void> {
    let origin = this.origin;
    let path = pathOf(request.key);
    for (let redirected = 0; ; redirected++) {
      const answer = await this.#sendTo(origin, path, request, sink);
      if (!answer.refused) return;
      const { location } = answer.headers;
      if (location === undefined || !redirects.has(answer.status ?? 0)) {
        throw new Refused(refusalOf(answer.status ?? 0, answer.headers, {}, this.clock.now()));
      }
      const next = followed(location, origin, path);
      if (this.#redirects === "same-host" && next.origin !== origin) throw otherHost(origin, next);
      if (redirected === mostRedirects) throw refusedRedirect(this.origin, "it redirects without an end");
      origin = next.origin;
      path = `${next.pathname}${next.search}`;
    }
  }

  async #sendTo(origin: string, path: string, request: HttpRequest, sink: AnswerSink): Promise<Answer> {
    const { method, headers, signal, timeouts, key } = request;
    const answer = new Answer(sink);
    const startedMs = this.clock.now();
    let failure: RequestFailure | undefined;
    try {
      await this.#transport.send({ method, origin, path, headers, signal, timeouts }, answer);
    } catch (error) {
      failure = requestFailure(error, signal);
      // What a refusal's status says holds, even if its body broke off or has no end.
      if (!answer.refused || signal?.aborted === true) throw error;
    } finally {
      const { status, receivedBytes } = answer;
      const ms = this.clock.now() - startedMs;
      const told = { method, origin, attempt: sink.attempt ?? 1, failure, startedMs };
      const empty = { bucket: undefined, sentBytes: 0 };
      this.#onRequest?.({ type: "request", ...told, ...empty, key, status, ms, receivedBytes });
    }
    return answer;
  }
}

/** The rest of a URL as it goes on the wire: as it is, with what may not be in a request line encoded. */
function pathOf(key: string): string {
  const withoutFragment = key.split("#", 1)[0] ?? "";
  return `/${withoutFragment.replace(/[^\x21-\x7e]+/gu, encodeURIComponent)}`;
}

function followed(location: string, origin: string, path: string): URL {
  if (!URL.canParse(location, `${origin}${path}`)) throw refusedRedirect(origin, "it redirects to no URL");
  const from = new URL(origin);
  const to = new URL(location, `${origin}${path}`);
  const downgrades = from.protocol === "https:" && to.protocol !== "https:";
  if (downgrades || !/^https?:$/.test(to.protocol)) throw refusedRedirect(origin, "it redirects to what is not https");
  const inwards = (isLoopback(to.hostname) && !isLoopback(from.hostname)) || isLinkLocal(to.hostname);
  if (inwards) throw refusedRedirect(origin, "it redirects into this machine's own network");
  return to;
}

function refusedRedirect(origin: string, what: string): EntrepotError {
  return new EntrepotError("protocol", `${origin} is not followed: ${what}`, {
    hint: "Ask for the address that it leads to, if you trust it.",
  });
}

/** A query may be a signature, and is not said. */
function otherHost(origin: string, { origin: target, pathname }: URL): EntrepotError {
  return new EntrepotError("misconfigured", `${origin} redirects to another host: ${target}${pathname}`, {
    hint: 'Ask that address itself, or allow it with redirects: "any" (ENTREPOT_REDIRECTS=any).',
  });
}
