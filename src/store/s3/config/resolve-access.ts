/**
 * Whose requests these are, where they go, and who decided that: options, then the environment, then AWS's files, then AWS's
 * own chain of providers. Nothing is asked of any network before the first request that needs it.
 */
import { EntrepotError } from "../../../error/index.ts";
import type { Addressing } from "../endpoint.ts";
import type { CredentialProvider } from "../identity.ts";
import type { Credentials } from "../sign.ts";
import type { CoverOptions } from "../upload-cover.ts";
import { awsChain } from "./aws-chain.ts";
import { type AwsWorld, type Profile, type Profiles, readProfiles } from "./profiles.ts";

/** What the caller decided; one of `anonymous`, `profile` and `credentials` at most. */
interface AccessOptions {
  readonly anonymous?: boolean | undefined;
  readonly profile?: string | undefined;
  readonly credentials?: Credentials | CredentialProvider | undefined;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly addressing?: Addressing | undefined;
  readonly checksums?: CoverOptions["checksums"];
}

/** Who decided each thing, in words for `doctor`; `undefined` where nobody did. Holds no secret. */
interface AccessSources {
  readonly credentials: string;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly addressing: string | undefined;
  readonly checksums: string | undefined;
}

/** Spread it into the options of `openS3Service`. */
export interface S3Access {
  readonly credentials: Credentials | CredentialProvider | "anonymous";
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly addressing: Addressing | undefined;
  readonly checksums: CoverOptions["checksums"];
  /** Whether reads ask for the checksum that the server keeps. */
  readonly responseChecksums: boolean;
  readonly sources: AccessSources;
}

interface Decided<T> {
  readonly value: T;
  readonly source: string;
}

/** Reads AWS's files and decides. Error: misconfigured (an unknown profile, half a key pair, two identities). */
export async function resolveS3Access(options: AccessOptions, world: AwsWorld): Promise<S3Access> {
  const identities = [options.anonymous === true, options.profile !== undefined, options.credentials !== undefined];
  if (identities.filter(Boolean).length > 1) {
    throw misconfigured("two identities are set", "Set one of anonymous, profile and credentials.");
  }
  const profiles = await readProfiles(world);
  const profile = profileOf(options, world, profiles);
  const region = regionOf(options, world, profile);
  const endpoint = endpointOf(options, world, profile);
  const addressing = addressingOf(options, profile);
  const checksums = checksumsOf(options, world, profile);
  const credentials = credentialsOf(options, world, profile, region?.value);
  return {
    credentials: credentials.value,
    region: region?.value,
    endpoint: endpoint?.value,
    addressing: addressing?.value,
    checksums: checksums?.value,
    responseChecksums: responseChecksumsOf(world, profile),
    sources: {
      credentials: credentials.source,
      region: region?.source,
      endpoint: endpoint?.source,
      addressing: addressing?.source,
      checksums: checksums?.source,
    },
  };
}

function profileOf(options: AccessOptions, { env }: AwsWorld, profiles: Profiles): Profile | undefined {
  const named = options.profile ?? variable(env, "AWS_PROFILE") ?? variable(env, "AWS_DEFAULT_PROFILE");
  const profile = profiles.get(named ?? "default");
  if (profile !== undefined || named === undefined) return profile;
  // Who reads anonymously or brings credentials does not need it.
  if (options.anonymous === true || options.credentials !== undefined) return undefined;
  if (options.profile === undefined && environmentKeys(env) !== undefined) return undefined;
  const known = profiles.names;
  throw misconfigured(
    `there is no profile ${JSON.stringify(named)} (${options.profile === undefined ? "AWS_PROFILE" : "the option profile"})`,
    known.length === 0 ? "AWS's files hold no profile at all." : `AWS's files hold: ${known.join(", ")}.`,
  );
}

function credentialsOf(
  options: AccessOptions,
  { env }: AwsWorld,
  profile: Profile | undefined,
  region: string | undefined,
): Decided<S3Access["credentials"]> {
  if (options.anonymous === true) return { value: "anonymous", source: "the option anonymous" };
  if (options.credentials !== undefined) return { value: options.credentials, source: "the option credentials" };
  const own = options.profile === undefined ? environmentKeys(env) : undefined;
  if (own !== undefined) return { value: own, source: "environment" };
  const fixed = profile === undefined ? undefined : profileKeys(profile);
  if (fixed !== undefined) return fixed;
  const source =
    profile === undefined ? "AWS's chain of providers" : `AWS's chain of providers, profile ${profile.name}`;
  return { value: awsChain({ profile: options.profile ?? profile?.name, region }), source };
}

function environmentKeys(env: AwsWorld["env"]): Credentials | undefined {
  const accessKeyId = variable(env, "AWS_ACCESS_KEY_ID");
  const secretAccessKey = variable(env, "AWS_SECRET_ACCESS_KEY");
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const missing = accessKeyId === undefined ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY";
    throw misconfigured(`${missing} is not set, but its other half is`, "Set both or none.");
  }
  return { accessKeyId, secretAccessKey, sessionToken: variable(env, "AWS_SESSION_TOKEN") };
}

function profileKeys(profile: Profile): Decided<Credentials> | undefined {
  const { aws_access_key_id, aws_secret_access_key, aws_session_token } = profile.settings;
  // A role is taken with these keys, not instead of it.
  if (profile.settings["role_arn"] !== undefined || aws_access_key_id === undefined) return undefined;
  const source = `profile ${profile.name} in ${profile.sourceOf("aws_access_key_id")}`;
  if (aws_secret_access_key === undefined) {
    throw misconfigured(`${source} holds an access key, but no secret`, "Add aws_secret_access_key to it.");
  }
  return {
    value: {
      accessKeyId: aws_access_key_id,
      secretAccessKey: aws_secret_access_key,
      sessionToken: aws_session_token === "" ? undefined : aws_session_token,
    },
    source,
  };
}

function regionOf(
  options: AccessOptions,
  { env }: AwsWorld,
  profile: Profile | undefined,
): Decided<string> | undefined {
  return (
    decided(options.region, "the option region") ??
    fromVariable(env, "AWS_REGION") ??
    fromVariable(env, "AWS_DEFAULT_REGION") ??
    fromProfile(profile, "region")
  );
}

function endpointOf(
  options: AccessOptions,
  { env }: AwsWorld,
  profile: Profile | undefined,
): Decided<string> | undefined {
  const given = decided(options.endpoint, "the option endpoint");
  const ignored = /^true$/i.test(
    variable(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ?? profile?.settings["ignore_configured_endpoint_urls"] ?? "",
  );
  if (given !== undefined || ignored) return given;
  const service = profile?.services["s3.endpoint_url"];
  return (
    fromVariable(env, "AWS_ENDPOINT_URL_S3") ??
    decided(service, `the services of profile ${profile?.name}`) ??
    fromVariable(env, "AWS_ENDPOINT_URL") ??
    fromProfile(profile, "endpoint_url")
  );
}

function addressingOf(options: AccessOptions, profile: Profile | undefined): Decided<Addressing> | undefined {
  if (options.addressing !== undefined) return { value: options.addressing, source: "the option addressing" };
  const style = fromProfile(profile, "s3.addressing_style");
  if (style === undefined || style.value === "auto") return undefined;
  if (style.value === "path" || style.value === "virtual") return { value: style.value, source: style.source };
  throw misconfigured(
    `${style.source}: addressing_style is ${JSON.stringify(style.value)}`,
    "Make it path, virtual or auto.",
  );
}

/** AWS's words are `when_supported` and `when_required`; no request of ours requires one. */
function checksumsOf(
  options: AccessOptions,
  { env }: AwsWorld,
  profile: Profile | undefined,
): Decided<CoverOptions["checksums"]> | undefined {
  if (options.checksums !== undefined) return { value: options.checksums, source: "the option checksums" };
  const said =
    fromVariable(env, "AWS_REQUEST_CHECKSUM_CALCULATION") ?? fromProfile(profile, "request_checksum_calculation");
  if (said === undefined) return undefined;
  return { value: whenRequired(said) ? "off" : "auto", source: said.source };
}

function responseChecksumsOf({ env }: AwsWorld, profile: Profile | undefined): boolean {
  const said =
    fromVariable(env, "AWS_RESPONSE_CHECKSUM_VALIDATION") ?? fromProfile(profile, "response_checksum_validation");
  return said === undefined || !whenRequired(said);
}

function whenRequired({ value, source }: Decided<string>): boolean {
  if (/^when_required$/i.test(value)) return true;
  if (/^when_supported$/i.test(value)) return false;
  throw misconfigured(`${source}: ${JSON.stringify(value)} has no meaning`, "Make it when_supported or when_required.");
}

function variable(env: AwsWorld["env"], name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === "" ? undefined : value;
}

function fromVariable(env: AwsWorld["env"], name: string): Decided<string> | undefined {
  return decided(variable(env, name), name);
}

function fromProfile(profile: Profile | undefined, setting: string): Decided<string> | undefined {
  const value = profile?.settings[setting];
  return profile === undefined ? undefined : decided(value, `profile ${profile.name} in ${profile.sourceOf(setting)}`);
}

function decided(value: string | undefined, source: string): Decided<string> | undefined {
  return value === undefined || value === "" ? undefined : { value, source };
}

function misconfigured(message: string, hint: string): EntrepotError {
  return new EntrepotError("misconfigured", message, { hint });
}
