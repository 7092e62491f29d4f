/** Which of AWS's hosts are meant and whose certificates are trusted, as AWS's variables and profiles say. */
import { EntrepotError } from "../../../error/index.ts";
import type { AwsWorld } from "./aws-world.ts";
import { type Decided, fromProfile, fromVariable } from "./decided.ts";
import type { Profile } from "./profiles.ts";

interface ReachOptions {
  readonly dualStack?: boolean | undefined;
  readonly fips?: boolean | undefined;
}

export interface Reach {
  readonly dualStack: Decided<boolean> | undefined;
  readonly fips: Decided<boolean> | undefined;
  /** The profile's `ca_bundle`; `AWS_CA_BUNDLE` is the depot's to read. */
  readonly caFile: Decided<string> | undefined;
}

/** Options, then the environment, then the profile: its `s3` block before the profile itself. Error: misconfigured. */
export function reachOf(options: ReachOptions, { env }: AwsWorld, profile: Profile | undefined): Reach {
  const switched = (option: boolean | undefined, name: string, variable: string, settings: readonly string[]) =>
    option === undefined
      ? (asSwitch(fromVariable(env, variable)) ??
        firstOf(settings.map((setting) => asSwitch(fromProfile(profile, setting), setting))))
      : { value: option, source: `the option ${name}` };
  return {
    dualStack: switched(options.dualStack, "dualStack", "AWS_USE_DUALSTACK_ENDPOINT", [
      "s3.use_dualstack_endpoint",
      "use_dualstack_endpoint",
    ]),
    fips: switched(options.fips, "fips", "AWS_USE_FIPS_ENDPOINT", ["use_fips_endpoint"]),
    caFile: fromProfile(profile, "ca_bundle"),
  };
}

function asSwitch(said: Decided<string> | undefined, setting?: string): Decided<boolean> | undefined {
  if (said === undefined) return undefined;
  const { value, source } = said;
  return { value: parse(value, setting === undefined ? source : `${setting} of ${source}`), source };
}

function firstOf<T>(all: readonly (T | undefined)[]): T | undefined {
  return all.find((each) => each !== undefined);
}

function parse(text: string, source: string): boolean {
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  throw new EntrepotError("misconfigured", `${source} is ${JSON.stringify(text)}`, { hint: "Make it true or false." });
}
