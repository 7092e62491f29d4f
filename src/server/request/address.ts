/** What a Host header says: the bucket in front of one of the server's names, the region in the name, or nothing. */

export interface HostRules {
  /** Names in lower case under which `BUCKET.name` is a bucket and `s3.REGION.name` the endpoint of a region. */
  readonly domains: readonly string[];
  /** Hosts that are buckets of the same name, as by a CNAME. */
  readonly customDomains: readonly string[];
}

/** Hosts are compared in lower case; of two names that both end a host, the longer one counts. */
export function hostRules(domains: readonly string[], customDomains: readonly string[] = []): HostRules {
  const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase());
  return { domains: lower(domains).sort((a, b) => b.length - a.length), customDomains: lower(customDomains) };
}

export interface NamedByHost {
  readonly bucket: string | undefined;
  readonly region: string | undefined;
}

const nothing: NamedByHost = { bucket: undefined, region: undefined };
/** `photos.s3.eu-west-1`, `s3-eu-west-1`, `photos.s3.dualstack.eu-west-1`, `s3`. */
const endpoint = /^(?:(.+)\.)?s3(?:[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d+))?$/;

/** Any port will do: what the client dialled is not what the server listens on when something stands between them. */
export function readHost(host: string, { domains, customDomains }: HostRules): NamedByHost {
  const name = host.replace(/:\d*$/, "").toLowerCase();
  if (customDomains.includes(name)) return { bucket: name, region: undefined };
  for (const domain of domains) {
    if (name.length <= domain.length + 1 || !name.endsWith(`.${domain}`)) continue;
    const before = name.slice(0, -domain.length - 1);
    const [matched, bucket, region] = endpoint.exec(before) ?? [];
    return matched === undefined ? { bucket: before, region: undefined } : { bucket, region };
  }
  return nothing;
}

/** Where a bucket of that region is to be looked for, as S3 writes it in redirects: without a scheme. */
export function endpointOf(bucket: string, region: string, host: string, { domains }: HostRules): string {
  const port = /:\d+$/.exec(host)?.[0] ?? "";
  const name = host.slice(0, host.length - port.length).toLowerCase();
  const domain = domains.find((one) => name === one || name.endsWith(`.${one}`));
  // Nothing can be put in front of an address of numbers.
  if (domain === undefined) return host;
  const regional = `s3.${region}.${domain}${port}`;
  return readHost(host, { domains, customDomains: [] }).bucket === undefined ? regional : `${bucket}.${regional}`;
}
