/** What is publicly known of services by their host names, and could only be found out by doing harm. */

export interface HostTraits {
  /** Whether writes heed `If-Match` and `If-None-Match`. */
  readonly heedsConditions: boolean;
  /** Whether all parts of an upload but the last must be of one length. */
  readonly wantsEqualParts: boolean;
}

/** `hostname` of an own endpoint, without the port; undefined for AWS. */
export function knownHost(hostname: string | undefined): HostTraits {
  const isAt = (domain: string) => hostname === domain || hostname?.endsWith(`.${domain}`) === true;
  return {
    // https://github.com/aws/aws-sdk-java-v2/pull/6055: Google takes no notice of them on a PUT, and replaces what is there.
    heedsConditions: !isAt("storage.googleapis.com"),
    // https://developers.cloudflare.com/r2/objects/multipart-objects/#limitations
    wantsEqualParts: isAt("r2.cloudflarestorage.com"),
  };
}
