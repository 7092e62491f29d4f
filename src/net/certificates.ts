/** The certificates of a bundle, read by what is loaded only where there is one: TLS costs every start eight milliseconds. */

/** Each certificate of a PEM text; what stands between them is passed over. Rejects with RangeError for a text with none, or a broken one. */
export async function parseCertificates(pem: string): Promise<readonly string[]> {
  return (await import("./trust.ts")).certificatesIn(pem);
}
