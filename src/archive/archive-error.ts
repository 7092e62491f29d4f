/** Errors of archives: each names the archive, and the entry where there is one. */
import { EntrepotError, type ErrorCode } from "../error/index.ts";

const hints: Partial<Record<ErrorCode, string>> = {
  truncated: "fetch or make the archive again: its end is missing",
  integrity: "make the archive again: what is in it is not what was put in",
  malformed: "is it an archive of this kind? Say which with format; else make it again",
  "unsafe-key": "do not trust whoever made this archive; list it to see what is in it (entrepot unpack --list)",
  "unrepresentable-name": "unpack it elsewhere, or make it again with other names",
  unsupported: "unpack it with another program",
};

export function archiveError(code: ErrorCode, uri: string, message: string, hint?: string): EntrepotError {
  return new EntrepotError(code, message, { uri, hint: hint ?? hints[code], retryable: false });
}

/** A name for messages: short, and on one line. */
export function shownName(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
}
