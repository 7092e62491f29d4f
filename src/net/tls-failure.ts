/** Why a TLS connection could not be made, and what helps with each reason. */

const tlsCode =
  /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)/;
const unknownAuthority =
  /^(?:UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED|INVALID_CA)$/;
const noTls = /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNEXPECTED_MESSAGE)$/;

/** Whether the system's code tells of TLS. */
export function isTlsFailure(code: string | undefined): code is string {
  return code !== undefined && tlsCode.test(code);
}

/** The way out; `setting` is what names the host. */
export function tlsHint(code: string, error: unknown, setting: string): string {
  if (unknownAuthority.test(code)) {
    return "The certificate comes from an authority that is not known here. Name a file with that authority's certificate in AWS_CA_BUNDLE or the option caFile (NODE_EXTRA_CA_CERTS works, too).";
  }
  if (code === "CERT_HAS_EXPIRED") {
    return "The server's certificate has expired: whoever runs it must renew it. If it has not, this machine's clock is wrong.";
  }
  if (code === "CERT_NOT_YET_VALID") return "The server's certificate is not valid yet: is this machine's clock wrong?";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" || code === "HOSTNAME_MISMATCH") {
    return `The certificate is for another host: check ${setting}; where only the bucket before the host is not covered, set addressing to "path".`;
  }
  const plain =
    noTls.test(code) || (error instanceof Error && /wrong version number|packet length too long/.test(error.message));
  if (plain) return `What answers there does not speak TLS: is it http://, or another port? Check ${setting}.`;
  return `Is this the right host and port for https? Check ${setting}.`;
}
