/** Which ETags prove that two answers are of one version. */

/** False for a weak one (`W/…`; what is made up for servers that give none is such) and for `""`: two versions may share it. */
export function isStrongEtag(etag: string): boolean {
  return etag !== "" && !etag.startsWith("W/");
}
