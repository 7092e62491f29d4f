/**
 * One question to a service that gives credentials, by our own transport: its proxy, trust, time-outs and switch hold here, too.
 * One try: the request that wants to be signed is repeated as a whole.
 */
import { EntrepotError, type ErrorCode, isEntrepotError, redact } from "../../../../error/index.ts";
import type { ResponseHeaders, Timeouts, TransportRequest } from "../../../../net/index.ts";
import type { AwsWorld } from "../aws-world.ts";

/** Answers are short, bytes. */
const maxAnswerBytes = 1024 * 1024;
const maxWordsLength = 300;

export interface Question {
  /** For messages: `STS`, `the container's endpoint`. */
  readonly service: string;
  readonly method: "GET" | "PUT" | "POST";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Uint8Array | undefined;
  readonly timeouts?: Timeouts | undefined;
  /** What helps when nobody answers; default: what the transport says. */
  readonly hint?: string | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly text: string;
}

/** Gives any answer, an error's too. Errors: those of the transport, limit-exceeded. */
export async function ask({ transport }: Pick<AwsWorld, "transport">, question: Question): Promise<Reply> {
  const { service, method, url, headers = {}, body, timeouts } = question;
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  let answer: { readonly status: number; readonly headers: ResponseHeaders } = { status: 0, headers: {} };
  const request: TransportRequest = {
    method,
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    headers,
    body,
    timeouts,
  };
  try {
    await transport.send(request, {
      head: (status, given) => {
        answer = { status, headers: given };
      },
      data: (chunk) => {
        bytes += chunk.byteLength;
        if (bytes > maxAnswerBytes) throw new EntrepotError("limit-exceeded", "the answer is longer than 1 MiB");
        pieces.push(chunk.slice());
      },
    });
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
    const { code, cause, retryable } = error;
    const hint =
      question.hint !== undefined && (code === "unreachable" || code === "timeout") ? question.hint : error.hint;
    throw new EntrepotError(code, `no credentials from ${service}: ${error.message}`, { hint, cause, retryable });
  }
  return { ...answer, text: Buffer.concat(pieces).toString("utf8") };
}

/** A refusal in the service's own words. */
export interface Refusal {
  readonly service: string;
  readonly status: number;
  /** The service's own word, e.g. `AccessDenied`. */
  readonly word: string;
  readonly message: string;
  /** Taken out of what it says, should it repeat them. */
  readonly secrets: readonly string[];
}

/** `code` where the service's word says it, else what its status says. `hints` are by code. */
export function refused(
  { service, status, word, message, secrets }: Refusal,
  known: ErrorCode | undefined,
  hints: Partial<Record<ErrorCode, string>>,
): EntrepotError {
  const code = known ?? byStatus(status);
  let said = [word, message].filter((text) => text !== "").join(": ");
  for (const secret of secrets) if (secret !== "") said = said.replaceAll(secret, "REDACTED");
  said = redact(said);
  if (said.length > maxWordsLength) said = `${said.slice(0, maxWordsLength)}…`;
  const words = `no credentials from ${service}: it answered ${status}${said === "" ? "" : ` ${said}`}`;
  return new EntrepotError(code, words, { hint: hints[code] });
}

function byStatus(status: number): ErrorCode {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 408) return "timeout";
  if (status === 429) return "throttled";
  if (status >= 500) return "server-error";
  if (status >= 300) return "misconfigured";
  return "protocol";
}

/** The object that an answer is, or `undefined`. Fields keep whatever type they have. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A field that is text; empty where it is not. */
export function textField(object: Readonly<Record<string, unknown>> | undefined, name: string): string {
  const value = object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === "string" ? value : "";
}

/** A moment in any of the spellings that AWS's tools write, milliseconds since 1970; `undefined` when it is none. */
export function momentMs(text: string): number | undefined {
  const ms = Date.parse(text.replace(/UTC$/, "Z"));
  return Number.isNaN(ms) ? undefined : ms;
}
