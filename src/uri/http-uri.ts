/** `http://` and `https://` addresses, kept whole: the text is checked, never rewritten. */
import { EntrepotError } from "../error/index.ts";
import { checkUnicode } from "./legal-name.ts";
import type { HttpLocation } from "./location.ts";

/** Checks a URL that begins with `scheme://`. Error: invalid-address, which never repeats the URL: it may hold a signature. */
export function httpLocation(scheme: HttpLocation["scheme"], url: string): HttpLocation {
  checkUnicode(url, "the URL");
  if (!URL.canParse(url)) throw invalid(scheme, `write ${scheme}://host/path`);
  const { username, password } = new URL(url);
  if (username !== "" || password !== "") throw invalid(scheme, "leave the user name and password out of the URL");
  return { scheme, url };
}

function invalid(scheme: string, hint: string): EntrepotError {
  return new EntrepotError("invalid-address", `the ${scheme} address is not a URL that can be read`, { hint });
}
