/**
 * The one synchronous read: settings that must be known before a constructor returns.
 */
import { readFileSync } from "node:fs";
import { diskError, errnoOf } from "./errors.ts";

/** The text of a small settings file; `undefined` when it is missing. Errors: forbidden, io. */
export function readTextNow(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "ENOENT" || errno === "ENOTDIR") return undefined;
    throw diskError(error, "read", path);
  }
}
