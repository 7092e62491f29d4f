/** The globs of `include` and `exclude`: what they match, and what all that matches begins with. */
import { isEntrepotError } from "../../error/index.ts";
import { compileGlob, type Glob } from "../../uri/index.ts";

/** TypeError for what is no glob. */
export function pathGlobs(given: string | readonly string[] | undefined): readonly Glob[] | undefined {
  if (given === undefined) return undefined;
  return (typeof given === "string" ? [given] : given).map(pathGlob);
}

function pathGlob(given: string): Glob {
  if (given === "" || given === "/") throw new TypeError("a glob for names is not empty: ** matches everything");
  const text = given.startsWith("/") ? given.slice(1) : given;
  const isFolder = text.endsWith("/");
  const isPath = given.startsWith("/") || (isFolder ? text.slice(0, -1) : text).includes("/");
  try {
    return compileGlob(`${isPath ? "" : "**/"}${text}${isFolder ? "**" : ""}`);
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
    throw new TypeError(`${error.message}; ${error.hint}`, { cause: error });
  }
}

/** What every path begins with that one of them matches. */
export function commonPrefix(globs: readonly Glob[] | undefined): string {
  if (globs === undefined || globs.length === 0) return "";
  return globs
    .map(({ prefix }) => prefix)
    .reduce((a, b) => {
      let length = 0;
      while (length < a.length && a[length] === b[length]) length += 1;
      // half a character is no prefix that a server could be asked for
      return a.slice(0, /[\ud800-\udbff]/.test(a[length - 1] ?? "") ? length - 1 : length);
    });
}
