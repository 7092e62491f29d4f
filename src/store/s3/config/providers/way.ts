/** What a way to credentials is: it says from the environment and the files alone whether it applies, and is asked later. */
import { EntrepotError } from "../../../../error/index.ts";
import type { CredentialProvider } from "../../identity.ts";
import type { Credentials } from "../../sign.ts";
import type { AwsWorld } from "../aws-world.ts";
import { type FilePlace, type Profile, type Profiles, shown } from "../profiles.ts";

/** In the words of the AWS CLI. */
export type WayName =
  | "env"
  | "assume-role"
  | "assume-role-with-web-identity"
  | "sso"
  | "shared-credentials-file"
  | "login"
  | "custom-process"
  | "config-file"
  | "container-role"
  | "iam-role";

/** What all ways look at. */
export interface WayContext {
  readonly world: AwsWorld;
  readonly profiles: Profiles;
  /** The profile that is looked at: the one in force, or one that it names as its source. */
  readonly profile: Profile | undefined;
  /** The profile in force: services are where it says. */
  readonly session: Profile | undefined;
  /** False for a profile that was asked for by name: the environment's keys and roles are not its own. */
  readonly fromEnvironment: boolean;
  /** In which STS is asked. */
  readonly region: string | undefined;
  /** Lets services that give credentials be asked in clear text on other machines. */
  readonly allowInsecureEndpoint: boolean;
}

/** A way that applies. */
export interface Found {
  /** In words for `doctor`; no secret. */
  readonly source: string;
  readonly place: FilePlace | undefined;
  /** Keys, or whom to ask for them. */
  readonly value: Credentials | CredentialProvider;
}

export interface Way {
  readonly name: WayName;
  /** Asks nobody. Text says why it does not apply. Error: misconfigured. */
  find(context: WayContext): Found | string;
}

/** A variable that is set to something. */
export function variable({ world: { env } }: Pick<WayContext, "world">, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === "" ? undefined : value;
}

/** `profile x in FILE`: who says so, in words. */
export function sourceIn(profile: Profile, { file }: FilePlace): string {
  return `profile ${profile.name} in ${file}`;
}

/** `profile x (FILE:LINE)`, for messages. */
export function named(profile: Profile, setting?: string): string {
  return `profile ${profile.name} (${shown(profile.placeOf(setting))})`;
}

export function misconfigured(message: string, hint: string, cause?: unknown): EntrepotError {
  return new EntrepotError("misconfigured", message, { hint, cause });
}

export function unauthenticated(message: string, hint: string): EntrepotError {
  return new EntrepotError("unauthenticated", message, { hint });
}

/** What a way gives now. */
export async function taken({ value }: Found): Promise<Credentials> {
  return typeof value === "function" ? value() : value;
}
