/** Certificate authorities beside those that Node trusts by itself. */
import { X509Certificate } from "node:crypto";
import * as tls from "node:tls";

const block = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** The certificates of a PEM bundle; what stands between them is passed over. RangeError for a text with none, or a broken one. */
export function certificatesIn(pem: string): readonly string[] {
  const found = pem.match(block) ?? [];
  if (found.length === 0) throw new RangeError("it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
  for (const [at, text] of found.entries()) {
    try {
      new X509Certificate(text);
    } catch {
      throw new RangeError(`certificate ${at + 1} of ${found.length} in it is broken`);
    }
  }
  return found;
}

/** Trusts these and Node's own. Made once for all connections: reading the roots takes milliseconds. */
export function trusting(certificates: readonly string[]): tls.SecureContext {
  return tls.createSecureContext({ ca: [...usualRoots(), ...certificates] });
}

/** From Node 22.15 on, what it trusts can be asked, `NODE_EXTRA_CA_CERTS` included. */
function usualRoots(): readonly string[] {
  const { getCACertificates } = tls as { readonly getCACertificates?: (kind: "default") => readonly string[] };
  return getCACertificates?.("default") ?? tls.rootCertificates;
}
