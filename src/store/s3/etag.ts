/** An ETag as HTTP writes it. Some servers leave the quotes out in XML only; the same version must have one name everywhere. */

/** Quotes a bare one; leaves `"…"`, `W/"…"` and nothing as they are. */
export function quotedEtag(text: string): string {
  return text === "" || text.endsWith('"') ? text : `"${text}"`;
}
