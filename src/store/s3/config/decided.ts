/** A setting and who decided it, in words for `doctor`: options stand before the environment, that before AWS's files. */
import type { AwsWorld } from "./aws-world.ts";
import type { Profile } from "./profiles.ts";

export interface Decided<T> {
  readonly value: T;
  readonly source: string;
}

/** Nothing where the text is missing or empty. */
export function decided(value: string | undefined, source: string): Decided<string> | undefined {
  return value === undefined || value === "" ? undefined : { value, source };
}

/** A variable of the environment. */
export function fromVariable(env: AwsWorld["env"], name: string): Decided<string> | undefined {
  return decided(env[name], name);
}

/** A setting of a profile. */
export function fromProfile(profile: Profile | undefined, setting: string): Decided<string> | undefined {
  if (profile === undefined) return undefined;
  return decided(profile.settings[setting], `profile ${profile.name} in ${profile.sourceOf(setting)}`);
}
