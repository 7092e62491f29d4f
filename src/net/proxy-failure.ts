/** What a proxy says or does instead of letting a request through, as typed errors that say that it is the proxy. */
import { EntrepotError, type ErrorCode } from "../error/index.ts";
import { NeverSent, systemCode, wordsOf } from "./failure.ts";
import type { ProxyServer } from "./proxy.ts";
import { isTlsFailure, tlsHint } from "./tls-failure.ts";

/** The proxy as messages name it. */
export function proxyName({ shown, source }: ProxyServer): string {
  return `the proxy ${shown} (${source})`;
}

/** No connection to the proxy itself. */
export function proxyUnreachable(error: unknown, origin: string, proxy: ProxyServer): EntrepotError {
  const code = systemCode(error);
  const named = code === undefined ? wordsOf(error) : `${code}: ${wordsOf(error)}`;
  return new NeverSent("unreachable", `no connection to ${proxyName(proxy)}, which leads to ${origin} (${named})`, {
    cause: error,
    retryable: code === "ENOTFOUND" || isTlsFailure(code) ? false : undefined,
    hint: isTlsFailure(code) ? tlsHint(code, error, proxy.source) : outOf(proxy),
  });
}

/** The proxy took the connection and was silent. */
export function proxySilent(origin: string, proxy: ProxyServer, boundMs: number): EntrepotError {
  return new NeverSent("timeout", `${proxyName(proxy)} opened no way to ${origin} within ${boundMs} ms`, {
    hint: outOf(proxy),
  });
}

/** The proxy answered a request to open a way, or one for http, with a status of its own. */
export function proxyRefusal(status: number, origin: string, proxy: ProxyServer): EntrepotError {
  if (status === 407) return unidentified(origin, proxy);
  const message = `${proxyName(proxy)} did not open a way to ${origin}: it answered ${status}`;
  if (status >= 500) return new NeverSent("unreachable", message, { hint: outOf(proxy) });
  const isRefusal = status >= 400;
  const code: ErrorCode = isRefusal ? "forbidden" : "protocol";
  return new EntrepotError(code, message, {
    hint: isRefusal
      ? `The proxy's rules do not allow this host: ask who runs it, or name the host in NO_PROXY if it can be reached without.`
      : `Something else than a proxy may answer there, such as a sign-in page: look at ${proxy.source}.`,
  });
}

/** What came back from the proxy is no HTTP, or ended too soon. */
export function proxyGarbled(origin: string, proxy: ProxyServer, what: string): EntrepotError {
  return new EntrepotError("protocol", `${proxyName(proxy)} did not open a way to ${origin}: ${what}`, {
    hint: `Does a proxy listen there, and is it http:// or https://? Look at ${proxy.source}.`,
  });
}

function unidentified(origin: string, proxy: ProxyServer): EntrepotError {
  const given = proxy.authorization !== undefined;
  return new EntrepotError(
    given ? "unauthenticated" : "misconfigured",
    `${proxyName(proxy)} ${given ? "does not accept its user name and password" : "wants a user name and password"} for ${origin} (407)`,
    {
      hint: given
        ? `Correct them in ${proxy.source}; characters such as @ and : are percent-encoded there.`
        : `Write them before the host in ${proxy.source}, as user:password@host:port.`,
    },
  );
}

function outOf({ source }: ProxyServer): string {
  return `Is ${source} right, and the proxy running? Where none is needed: unset ${source}, or name the host in NO_PROXY.`;
}
