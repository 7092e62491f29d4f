/** What a driver or server says, as a typed error that names the cause. What is said of a statement stays as it is. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";

const unreachable = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
]);
/** Class 08 is connection; 57P0x a server that shuts down or starts. */
const unreachableStates = /^(08|57P0)/;
/** pg has no code for these. */
const brokenWords =
  /connection terminated|connection ended|timeout exceeded when trying to connect|client has encountered a connection error|not queryable/i;

/** The driver says so before it sends anything. */
const noPassword = /client password must be a (non-empty )?string/;

/** Whether a connection was waited for in vain: there is none left, or the other side is slow. */
export function isWait(error: unknown): boolean {
  return error instanceof Error && /timeout exceeded when trying to connect/i.test(error.message);
}

/** Whether the connection is at fault, and not the statement. */
export function isConnectionFailure(error: unknown): boolean {
  if (isEntrepotError(error)) return error.code === "unreachable";
  const code = codeOf(error);
  if (code !== undefined) return unreachable.has(code) || unreachableStates.test(code);
  // one address of several: Node puts the failures of all into one
  if (error instanceof AggregateError) return error.errors.some(isConnectionFailure);
  return error instanceof Error && brokenWords.test(error.message);
}

/** Ours where the database cannot be used at all; the error itself where it speaks of a statement. */
export function databaseFailure(error: unknown, address: string): unknown {
  if (isEntrepotError(error)) return error;
  const code = codeOf(error) ?? "";
  if (error instanceof Error && noPassword.test(error.message))
    return new EntrepotError("unauthenticated", `${address} wants a password, and there is none`, {
      cause: error,
      hint: "give it in PGPASSWORD or ~/.pgpass, or behind the name of the user in the URL",
    });
  if (code === "28P01" || code === "28000")
    return new EntrepotError("unauthenticated", `${address} does not accept this user and password`, {
      cause: error,
      hint: "check user and password in the URL, and pg_hba.conf on the server",
    });
  if (code === "3D000")
    return new EntrepotError("misconfigured", `the server has no database of the name that ${address} says`, {
      cause: error,
      hint: "create it, or name another in the URL",
    });
  if (code === "53300")
    return new EntrepotError("busy", `${address} has no connection left`, {
      cause: error,
      hint: "raise max_connections of the server, or start fewer workers",
    });
  if (isConnectionFailure(error))
    return new EntrepotError("unreachable", `no connection to ${address}, or it broke`, {
      cause: error,
      hint: "check that the server runs and host and port are right; what was under way may or may not have taken effect",
    });
  return error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
