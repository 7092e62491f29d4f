/** Addresses as they may lie on a disk: the query of a web address may be a signature. */

export interface PlainAddress {
  readonly uri: string;
  /** With its `?`; `undefined` where it has none. */
  readonly query: string | undefined;
}

/** Of a web address without its query; every other one as it is. */
export function plainAddress(uri: string): PlainAddress {
  const at = /^https?:/.test(uri) ? uri.indexOf("?") : -1;
  return at < 0 ? { uri, query: undefined } : { uri: uri.slice(0, at), query: uri.slice(at) };
}
