/** The settings of a depot that is not made yet, each with who decided it. What `doctor` explains; never a secret. */
import { openNodeDisk } from "../disk/index.ts";
import { redact } from "../error/index.ts";
import { openTransport } from "../net/index.ts";
import { type ProviderReport, systemClock } from "../store/index.ts";
import type { EntrepotOptions, Root } from "./options.ts";
import { processWorld } from "./process-world.ts";
import { readCertificates } from "./reach.ts";
import { bucketOptions, caFileOf, type S3World, s3Access, s3Providers } from "./s3-settings.ts";
import type { Setting } from "./setting-sources.ts";
import { readSettings } from "./settings.ts";

/** In the order in which they were decided, the roots last. Opens nothing. Errors: those of `entrepot(options)`. */
export function describeSettings(options: EntrepotOptions): readonly Setting[] {
  const { decided, roots } = readSettings(options, processWorld(options));
  const given = options.roots ?? {};
  return [
    ...decided.map((setting) => ({ ...setting, value: redact(setting.value) })),
    ...Object.entries(roots).map(([name, root]) => ({
      name: `root.${name}`,
      value: redact(rootText(root)),
      source: Object.hasOwn(given, name) ? "option" : "environment",
    })),
  ];
}

/**
 * As whom and where a bucket is reached (the account when none is named), with who decided each: options, environment, AWS's
 * files, the services that they name. Asks no provider and shows no more of a key than its last four characters. Error: misconfigured.
 */
export async function describeAccess(options: EntrepotOptions, bucket?: string): Promise<readonly Setting[]> {
  const settings = readSettings(options, processWorld(options));
  const access = await s3Access(bucket === undefined ? settings.s3 : bucketOptions(settings, bucket), settings, {
    disk: openNodeDisk(),
    transport: openTransport(),
    clock: systemClock,
  });
  const { credentials, sources } = access;
  const caFile = caFileOf(access, settings);
  // what cannot be read would fail the first request
  await readCertificates(caFile, settings.env, openNodeDisk());
  const identity =
    typeof credentials === "function"
      ? "asked for when needed"
      : credentials === "anonymous"
        ? "anonymous"
        : `access key …${credentials.accessKeyId.slice(-4)}`;
  const told = (name: string, value: string | undefined, source: string | undefined, usual: string): Setting => ({
    name,
    value: redact(value ?? usual),
    source: source ?? "default",
  });
  return [
    told("credentials", identity, sources.credentials, ""),
    told("region", access.region, sources.region, "us-east-1"),
    told("endpoint", access.endpoint, sources.endpoint, "AWS"),
    told("dualStack", access.dualStack === true ? "on" : "off", sources.dualStack, ""),
    told("fips", access.fips === true ? "on" : "off", sources.fips, ""),
    told("caFile", caFile?.path, caFile?.source, "none"),
    told("addressing", access.addressing, sources.addressing, access.endpoint === undefined ? "virtual" : "path"),
  ];
}

/**
 * Every way to credentials in the order of the AWS CLI, with why it decides or does not, for a bucket or the account. Asks no
 * provider. Error: misconfigured for a profile that does not exist.
 */
export async function describeProviders(options: EntrepotOptions, bucket?: string): Promise<readonly ProviderReport[]> {
  const settings = readSettings(options, processWorld(options));
  const named = bucket === undefined ? settings.s3 : bucketOptions(settings, bucket);
  return s3Providers(named, settings, silentWorld());
}

/** Nothing is asked, so no connection is opened. */
function silentWorld(): S3World {
  return { disk: openNodeDisk(), transport: openTransport(), clock: systemClock };
}

function rootText(root: Root): string {
  if (typeof root === "string" || root instanceof URL) return String(root);
  return String(root.read) === String(root.write) ? String(root.read) : `${root.read} to read, ${root.write} to write`;
}
