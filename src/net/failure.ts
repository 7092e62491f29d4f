/**
 * What a socket, a resolver or a parser says, as one of the transport's own errors. The same words for both transports,
 * with the system's own code in the message, because that is what people search for.
 */
import { EntrepotError, type ErrorCode, isEntrepotError } from "../error/index.ts";
import { isTlsFailure, tlsHint } from "./tls-failure.ts";

/** No connection stood, so the server cannot have done anything: the way to tell this from a lost answer. */
export class NeverSent extends EntrepotError<"unreachable" | "timeout"> {}

/**
 * A connection that had answered before was closed before the first byte of this answer came: as a rule, because the server
 * closed it for idleness at that moment. The request may be sent again at once; whether it was received is not known.
 */
export class HungUp extends EntrepotError<"unreachable"> {}

/** What came is no answer in HTTP/1.1; the message says why. */
export class NotHttp extends Error {}

/** How far a request had come when it failed. */
export type Phase = "connect" | "send" | "first-byte" | "body";

/** The system's code, also from below: node wraps the failures of several addresses of one host in an AggregateError. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string" && !error.code.startsWith("UND_ERR")) return error.code;
  if (error instanceof AggregateError) return systemCode(error.errors[0]);
  return systemCode(error.cause);
}

export function wordsOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : String(error);
}

const noWay =
  "No way leads there from here: is the VPN on, and is a proxy needed (HTTPS_PROXY)? entrepot doctor shows which one is used.";
const connectHints: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Nothing listens there: is the server running, and are endpoint and port right?",
  ECONNRESET: "What listens there hangs up at once: is it https and not http, or a firewall in between?",
  EAI_AGAIN: "No name server answers: is this machine online, or its VPN on?",
  ENETUNREACH: noWay,
  EHOSTUNREACH: noWay,
};

/** The typed error of a request to `origin` that broke in `phase`. `reused`: on a connection that had answered before, and said nothing. */
export function transportFailure(error: unknown, origin: string, phase: Phase, reused = false): EntrepotError {
  // a connection that could not be made says so itself where more is known
  if (isEntrepotError(error)) return error;
  const code = systemCode(error);
  const named = code === undefined ? wordsOf(error) : `${code}: ${wordsOf(error)}`;
  if (isGarbage(error, code)) return failed("protocol", `${origin} did not answer in HTTP/1.1 (${named})`, error);
  if (phase === "body") return failed("truncated", `the answer of ${origin} broke off (${named})`, error);
  if (isTlsFailure(code)) {
    return new (phase === "connect" ? NeverSent : EntrepotError)(
      "unreachable",
      `no TLS connection to ${origin} (${named})`,
      { cause: error, retryable: false, hint: tlsHint(code, error, "the endpoint") },
    );
  }
  if (error instanceof Error && "code" in error && error.code === "UND_ERR_CONNECT_TIMEOUT")
    return new NeverSent("timeout", `no connection to ${origin} (${named})`, { cause: error });
  if (code === "ENOTFOUND") {
    return new NeverSent("unreachable", `the host of ${origin} is unknown (${named})`, {
      cause: error,
      retryable: false,
      hint: "Check the spelling of the endpoint, the bucket and the region, and that this machine is online.",
    });
  }
  if (phase === "connect") {
    const hint = code === undefined ? undefined : connectHints[code];
    return new NeverSent("unreachable", `no connection to ${origin} (${named})`, { cause: error, hint });
  }
  const broken = `the connection to ${origin} broke before an answer came (${named})`;
  if (reused) return new HungUp("unreachable", broken, { cause: error });
  const hint = origin.startsWith("http:") ? "If this is so each time: does what listens there speak https?" : undefined;
  return new EntrepotError("unreachable", broken, { cause: error, hint });
}

/** The typed error of a request that was silent for too long. */
export function timeoutFailure(origin: string, phase: Phase, boundMs: number): EntrepotError {
  const words = {
    connect: "no connection",
    send: "nothing could be sent",
    "first-byte": "no first byte of an answer",
    body: "no further byte of the answer (idle)",
  }[phase];
  const message = `${origin}: ${words} within ${boundMs} ms`;
  return phase === "connect" ? new NeverSent("timeout", message) : new EntrepotError("timeout", message);
}

/** undici's words for a head without end, and for a length that another Content-Length or the chunks contradict. */
const garbledCodes: ReadonlySet<string> = new Set(["UND_ERR_HEADERS_OVERFLOW", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"]);

/** Whether the parser gave up. It reports an end in mid-answer in the same way, which is none of its business. */
function isGarbage(error: unknown, code: string | undefined): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof NotHttp) return true;
  if (code === "HPE_INVALID_EOF_STATE" || error.message.includes("Invalid EOF state")) return false;
  const garbled = "code" in error && typeof error.code === "string" && garbledCodes.has(error.code);
  return garbled || code?.startsWith("HPE_") === true || error.name === "HTTPParserError";
}

function failed(code: ErrorCode, message: string, cause: unknown): EntrepotError {
  return new EntrepotError(code, message, { cause });
}
