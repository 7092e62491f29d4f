/** The settings of a depot that is not made yet, each with who decided it. What `doctor` explains; never a secret. */
import { openNodeDisk } from "../disk/index.ts";
import { redact } from "../error/index.ts";
import type { EntrepotOptions, Root } from "./options.ts";
import { processWorld } from "./process-world.ts";
import { readCertificates } from "./reach.ts";
import { bucketOptions, caFileOf, s3Access } from "./s3-settings.ts";
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
 * files, AWS's chain. Asks no provider and shows no more of a key than its last four characters. Error: misconfigured.
 */
export async function describeAccess(options: EntrepotOptions, bucket?: string): Promise<readonly Setting[]> {
  const settings = readSettings(options, processWorld(options));
  const access = await s3Access(
    bucket === undefined ? settings.s3 : bucketOptions(settings, bucket),
    settings,
    openNodeDisk(),
  );
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

function rootText(root: Root): string {
  if (typeof root === "string" || root instanceof URL) return String(root);
  return String(root.read) === String(root.write) ? String(root.read) : `${root.read} to read, ${root.write} to write`;
}
