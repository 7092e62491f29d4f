/**
 * Transports for tests: one that fails when told, one that records and lets no packet out, one that answers from a function.
 * They wrap or replace a real one and know nothing of S3.
 */
import { EntrepotError } from "../error/index.ts";
import type { ResponseHeaders, ResponseSink, Transport, TransportRequest } from "../net/index.ts";

/** Fails the `n`th request (from 1) with `error` before anything is sent; all others pass. */
export function failNthRequest(transport: Transport, n: number, error: unknown): Transport {
  let sent = 0;
  return {
    send(request, sink) {
      sent++;
      return sent === n ? Promise.reject(error) : transport.send(request, sink);
    },
    close: () => transport.close(),
  };
}

/** What a recording transport saw. */
export interface RecordingTransport extends Transport {
  readonly requests: readonly TransportRequest[];
}

/** Records what passes through to `transport`; without one no packet leaves, and every request is unreachable at once. */
export function recordRequests(transport?: Transport): RecordingTransport {
  const requests: TransportRequest[] = [];
  return {
    requests,
    send(request, sink) {
      requests.push(request);
      if (transport !== undefined) return transport.send(request, sink);
      return Promise.reject(new EntrepotError("unreachable", "no packet leaves", { retryable: false }));
    },
    close: async () => transport?.close(),
  };
}

/** One answer of a scripted transport. `cut` ends the body after that many bytes with the given error. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: ResponseHeaders | undefined;
  readonly body?: Uint8Array | string | undefined;
  readonly cut?: { readonly afterBytes: number; readonly error: unknown } | undefined;
}

/** Answers without a network, from a function of the request and its number (from 1). Throwing fails the request. */
export function scriptTransport(
  answer: (request: TransportRequest, n: number) => ScriptedAnswer | Promise<ScriptedAnswer>,
): RecordingTransport {
  const requests: TransportRequest[] = [];
  return {
    requests,
    async send(request, sink) {
      request.signal?.throwIfAborted();
      requests.push(request);
      if (request.body !== undefined && !(request.body instanceof Uint8Array)) await drain(request.body);
      await deliver(await answer(request, requests.length), sink);
    },
    async close() {},
  };
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of body) if (piece.byteLength === 0) continue;
}

async function deliver(answer: ScriptedAnswer, sink: ResponseSink): Promise<void> {
  const body = typeof answer.body === "string" ? Buffer.from(answer.body) : (answer.body ?? new Uint8Array());
  sink.head(answer.status, answer.headers ?? { "content-length": String(body.byteLength) });
  const whole = answer.cut === undefined ? body : body.subarray(0, answer.cut.afterBytes);
  if (whole.byteLength > 0) await sink.data(whole);
  if (answer.cut !== undefined) throw answer.cut.error;
}
