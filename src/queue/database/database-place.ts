/** Where a database is, as it is written on a command line. */
import { fileURLToPath } from "node:url";
import { EntrepotError } from "../../error/index.ts";

/**
 * A URL of a server (`postgresql:` or `postgres:`), or a folder by its path or `file:` URL. Error: misconfigured for any other scheme, and
 * for a URL without one: it would be a folder with a password in its name.
 */
export function databasePlace(text: string): DatabasePlace {
  if (/^postgres(ql)?:\/\//.test(text)) return { url: text };
  if (/^file:/i.test(text)) return { dir: pathOf(text) };
  // one letter and a colon is a drive
  const [start = ""] = text.split(/[\\/]/, 1);
  if (!/^[a-z][a-z0-9+.-]+:/i.test(text) && !start.includes("@")) return { dir: text };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  // what may hold a password is not repeated
  throw noPlace(scheme === undefined ? "it is no path, and no URL either" : `${scheme}: is none of its schemes`);
}

/** Where the database is: exactly one of `url` and `dir`. */
export type DatabasePlace =
  | { readonly url: string; readonly dir?: undefined }
  | { readonly dir: string; readonly url?: undefined };

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw noPlace("it is no file: URL of this machine", error);
  }
}

function noPlace(why: string, cause?: unknown): EntrepotError {
  return new EntrepotError("misconfigured", `what is to say where the database is does not: ${why}`, {
    cause,
    hint: "write postgresql://host/name, or a folder; one with : or @ in its name begins with ./",
  });
}
