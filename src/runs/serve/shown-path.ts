/** The path of a request as a log may hold it: whoever puts a token where an id belongs does not find it there. */

/** Of a token, a session, a code or an attempt: 128 bits as `newSecret` writes them, whatever stands before. */
const secret = /[0-9a-hjkmnp-tv-z]{26,}/gi;

export function shownPath(pathname: string): string {
  return pathname.replace(/[^/]+/g, (part) => {
    const hidden = decoded(part).replace(secret, "REDACTED");
    return hidden === decoded(part) ? part : hidden;
  });
}

/** As often as it was encoded, within reason. */
function decoded(part: string): string {
  let text = part;
  for (let round = 0; round < 3 && text.includes("%"); round += 1)
    try {
      text = decodeURIComponent(text);
    } catch {
      return text;
    }
  return text;
}
