/** What commands that listen have in common: the port, and why one cannot be listened on. */
import { UsageError } from "./usage-error.ts";

/** From 1 to 65535, or 0 for any free one. RangeError. */
export function parsePort(given: string): number {
  if (/^\d{1,5}$/.test(given) && Number(given) <= 65_535) return Number(given);
  throw new RangeError("expected a port from 1 to 65535, or 0 for any free one");
}

/** What the system says, in terms of the command line. */
export function startFailure(
  error: unknown,
  { host, port }: { readonly host: string; readonly port: number },
): unknown {
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "EADDRINUSE":
      return new UsageError(`port ${port} is taken`, "give another --port, or 0 for any free one");
    case "EADDRNOTAVAIL":
      return new UsageError(`--host ${host} is no address of this machine`, "leave --host out for 127.0.0.1");
    case "EACCES":
      return new UsageError(`port ${port} is not for every user`, "give a --port from 1024 up, or 0 for any free one");
    default:
      return error;
  }
}
