/** The options of a depot, closed at run time as those of the verbs are. */
import { mistakeInValues } from "../error/index.ts";
import { bucketChecks, depotChecks, overrideChecks } from "./depot-options.ts";
import { depotHint } from "./option-hints.ts";
import type { EntrepotOptions, Overrides, S3Options } from "./options.ts";

/**
 * TypeError for an option of `entrepot()` or `with()`, or one inside them, that there is none of, or for two identities at once;
 * TypeError or RangeError for a value that one cannot have.
 */
export function checkDepotOptions(what: "entrepot()" | "with()", options: EntrepotOptions | Overrides<string>): void {
  const checks = what === "with()" ? overrideChecks : depotChecks;
  refuse(mistakeInValues(what, options, checks, { hint: depotHint }));
  refuse(twoIdentities(what, options));
  const buckets = "buckets" in options ? options.buckets : undefined;
  for (const [name, bucket] of Object.entries(buckets ?? {})) {
    const where = `buckets[${JSON.stringify(name)}]`;
    refuse(
      isBucketName(name) ? undefined : new TypeError(`${where} is no bucket: give its name alone, without s3:// and /`),
    );
    if (bucket === undefined) continue;
    refuse(mistakeInValues(where, bucket, bucketChecks, { hint: depotHint }));
    refuse(twoIdentities(where, bucket));
  }
}

/** An ARN of an access point has slashes of its own. */
function isBucketName(name: string): boolean {
  return name !== "" && (name.startsWith("arn:") || !name.includes("/"));
}

function twoIdentities(what: string, { anonymous, profile, credentials }: S3Options): TypeError | undefined {
  const given = [
    anonymous === true ? "anonymous" : undefined,
    profile === undefined ? undefined : "profile",
    credentials === undefined ? undefined : "credentials",
  ].filter((name) => name !== undefined);
  return given.length < 2
    ? undefined
    : new TypeError(`${given.join(" and ")} of ${what} exclude each other: say who asks by one of them`);
}

function refuse(mistake: Error | undefined): void {
  if (mistake !== undefined) throw mistake;
}
