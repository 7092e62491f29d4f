/** The way of a bucket's requests, without sending one: host, proxy, certificates, what covers the bytes. What `doctor` explains. */
import { openNodeDisk } from "../disk/index.ts";
import { openTransport, withNetworkSwitch } from "../net/index.ts";
import { describeUploads, Endpoint, systemClock } from "../store/index.ts";
import type { EntrepotOptions } from "./options.ts";
import { processWorld } from "./process-world.ts";
import { proxyOf, readCertificates } from "./reach.ts";
import { bucketOptions, bucketPattern, caFileOf, s3Access } from "./s3-settings.ts";
import type { Setting } from "./setting-sources.ts";
import { readSettings, type Settings } from "./settings.ts";

/** Where the requests of a bucket (the account when none is named) go, and how. Sends nothing. Errors: misconfigured, invalid-address, unsupported. */
export async function describeRoute(options: EntrepotOptions, bucket?: string): Promise<readonly Setting[]> {
  const settings = readSettings(options, processWorld(options));
  const pattern = bucket === undefined ? undefined : bucketPattern(settings, bucket);
  const s3 = bucket === undefined ? settings.s3 : bucketOptions(settings, bucket);
  const world = { disk: openNodeDisk(), transport: openTransport(), clock: systemClock };
  // whose request it is does not change its way, and may be unknown; what a profile says of the way holds all the same
  const { profile, credentials: _, ...rest } = s3;
  const env = profile === undefined ? settings.env : { ...settings.env, AWS_PROFILE: profile };
  const access = await s3Access({ ...rest, anonymous: true }, { ...settings, env }, world);
  const { allowInsecureEndpoint, payloadSigning, requesterPays, expectedBucketOwner, sse } = s3;
  const endpoint = new Endpoint({ ...access, allowInsecureEndpoint });
  const target = bucket === undefined ? endpoint.account() : endpoint.bucket(bucket);
  const uploads = describeUploads({ checksums: access.checksums, payloadSigning }, endpoint);
  return [
    { name: "options", value: pattern ?? "for all buckets", source: pattern === undefined ? "default" : "option" },
    { name: "host", value: `${target.origin}${target.prefix}`, source: access.sources.endpoint ?? "default" },
    proxyTo(target.origin, settings),
    { name: "checksums", value: uploads.checksums, source: access.sources.checksums ?? "default" },
    { name: "readChecksums", value: access.responseChecksums ? "asked for" : "not asked for", source: "default" },
    {
      name: "payloadSigning",
      value: uploads.payloadSigning,
      source: payloadSigning === undefined ? "default" : "option",
    },
    told("sse", sse === undefined ? undefined : sseText(sse), "as the bucket says"),
    told("expectedBucketOwner", expectedBucketOwner, "any"),
    told("requesterPays", requesterPays === true ? "yes" : undefined, "no"),
  ];
}

/** Who the credentials belong to and when they end; asks whoever gives them. Errors: those of the providers. */
export async function askIdentity(
  options: EntrepotOptions,
  bucket?: string,
): Promise<{ readonly shown: string; readonly source: string; readonly expiresMs: number | undefined }> {
  const settings = readSettings(options, processWorld(options));
  const disk = openNodeDisk();
  const { reach, env, network } = settings;
  let { caFile } = reach;
  const opened = openTransport({
    workload: "few",
    proxy: proxyOf(reach),
    // only AWS's files tell which certificates the providers are reached with
    certificates: () => readCertificates(caFile, env, disk),
  });
  try {
    const transport = withNetworkSwitch(opened, network);
    const s3 = bucket === undefined ? settings.s3 : bucketOptions(settings, bucket);
    const access = await s3Access(s3, settings, { disk, transport, clock: systemClock });
    caFile = caFileOf(access, settings);
    const { credentials } = access;
    const source = access.sources.credentials;
    const given = typeof credentials === "function" ? await credentials() : credentials;
    if (given === "anonymous") return { shown: "anonymous", source, expiresMs: undefined };
    return { shown: `access key …${given.accessKeyId.slice(-4)}`, source, expiresMs: given.expiresMs };
  } finally {
    await opened.close();
  }
}

function proxyTo(origin: string, { reach }: Settings): Setting {
  const proxy = proxyOf(reach)?.(origin);
  if (proxy !== undefined) return { name: "proxy", value: proxy.shown, source: proxy.source };
  const isSet = (origin.startsWith("https:") ? reach.httpsProxy : reach.httpProxy) !== null;
  const why = isSet ? "none: NO_PROXY names this host, or it is this machine" : "none";
  return { name: "proxy", value: why, source: isSet ? "no_proxy" : "default" };
}

function told(name: string, value: string | undefined, usual: string): Setting {
  return { name, value: value ?? usual, source: value === undefined ? "default" : "option" };
}

function sseText(sse: NonNullable<Settings["s3"]["sse"]>): string {
  if (typeof sse === "string") return sse;
  return "customerKey" in sse ? "a customer's key" : "aws:kms with a key of its own";
}
