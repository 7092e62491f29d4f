/**
 * Whose requests these are, where they go, and who decided that: options, then the environment, then AWS's files, then the
 * services that give credentials. Nothing is asked of any network before the first request that needs it.
 */
import { closest, EntrepotError } from "../../../error/index.ts";
import type { Addressing } from "../endpoint.ts";
import type { CredentialProvider } from "../identity.ts";
import type { Credentials } from "../sign.ts";
import type { CoverOptions } from "../upload-cover.ts";
import type { AwsWorld } from "./aws-world.ts";
import type { ChainDecision, ProviderReport } from "./credential-chain.ts";
import { type Decided, decided, fromProfile, fromVariable } from "./decided.ts";
import type { Profile, Profiles } from "./profiles.ts";
import { reachOf } from "./resolve-reach.ts";

/** What the caller decided; one of `anonymous`, `profile` and `credentials` at most. */
interface AccessOptions {
  readonly anonymous?: boolean | undefined;
  readonly profile?: string | undefined;
  readonly credentials?: Credentials | CredentialProvider | undefined;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly addressing?: Addressing | undefined;
  readonly dualStack?: boolean | undefined;
  readonly fips?: boolean | undefined;
  readonly checksums?: CoverOptions["checksums"];
  readonly allowInsecureEndpoint?: boolean | undefined;
}

/** Who decided each thing, in words for `doctor`; `undefined` where nobody did. Holds no secret. */
interface AccessSources {
  readonly credentials: string;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly addressing: string | undefined;
  readonly dualStack: string | undefined;
  readonly fips: string | undefined;
  readonly caFile: string | undefined;
  readonly checksums: string | undefined;
}

/** Spread it into the options of `openS3Service`. */
export interface S3Access {
  readonly credentials: Credentials | CredentialProvider | "anonymous";
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly addressing: Addressing | undefined;
  readonly dualStack: boolean | undefined;
  readonly fips: boolean | undefined;
  /** The profile's `ca_bundle`, as it stands there. */
  readonly caFile: string | undefined;
  readonly checksums: CoverOptions["checksums"];
  /** Whether reads ask for the checksum that the server keeps. */
  readonly responseChecksums: boolean;
  readonly sources: AccessSources;
  /** Every way to credentials in order, with why it decided or did not. */
  readonly providers: readonly ProviderReport[];
}

/** Reads AWS's files and decides. Error: misconfigured (an unknown profile, half a key pair, two identities). */
export async function resolveS3Access(options: AccessOptions, world: AwsWorld): Promise<S3Access> {
  const identities = [options.anonymous === true, options.profile !== undefined, options.credentials !== undefined];
  if (identities.filter(Boolean).length > 1) {
    throw misconfigured("two identities are set", "Set one of anonymous, profile and credentials.");
  }
  const profiles = await profilesOf(world);
  const profile = profileOf(options, world, profiles);
  const region = regionOf(options, world, profile);
  const endpoint = endpointOf(options, world, profile);
  const addressing = addressingOf(options, profile);
  const { dualStack, fips, caFile } = reachOf(options, world, profile);
  const checksums = checksumsOf(options, world, profile);
  const { found: credentials, trace } = await credentialsOf(options, world, profiles, profile, region?.value);
  const failed = trace.find(({ outcome }) => outcome === "failed")?.error;
  if (failed !== undefined) throw failed;
  return {
    credentials: credentials.value,
    region: region?.value,
    endpoint: endpoint?.value,
    addressing: addressing?.value,
    dualStack: dualStack?.value,
    fips: fips?.value,
    caFile: caFile?.value,
    checksums: checksums?.value,
    responseChecksums: responseChecksumsOf(world, profile),
    sources: {
      credentials: credentials.source,
      region: region?.source,
      endpoint: endpoint?.source,
      addressing: addressing?.source,
      dualStack: dualStack?.source,
      fips: fips?.source,
      caFile: caFile?.source,
      checksums: checksums?.source,
    },
    providers: trace,
  };
}

/** Every way to credentials in order, one that fails among them; asks nobody. Error: misconfigured (an unknown profile). */
export async function traceCredentials(options: AccessOptions, world: AwsWorld): Promise<readonly ProviderReport[]> {
  const profiles = await profilesOf(world);
  const profile = profileOf(options, world, profiles);
  return (await credentialsOf(options, world, profiles, profile, regionOf(options, world, profile)?.value)).trace;
}

/** Loaded with the first service. */
async function profilesOf(world: AwsWorld): Promise<Profiles> {
  const { readProfiles } = await import("./profiles.ts");
  return readProfiles(world);
}

function profileOf(options: AccessOptions, { env }: AwsWorld, profiles: Profiles): Profile | undefined {
  const named =
    options.profile ?? fromVariable(env, "AWS_PROFILE")?.value ?? fromVariable(env, "AWS_DEFAULT_PROFILE")?.value;
  const profile = profiles.get(named ?? "default");
  if (profile !== undefined || named === undefined) return profile;
  // Who reads anonymously or brings credentials does not need it.
  if (options.anonymous === true || options.credentials !== undefined) return undefined;
  if (options.profile === undefined && fromVariable(env, "AWS_ACCESS_KEY_ID")?.value !== undefined) return undefined;
  const known = profiles.names;
  const near = closest(named, known);
  throw misconfigured(
    `there is no profile ${JSON.stringify(named)} (${options.profile === undefined ? "AWS_PROFILE" : "the option profile"})`,
    known.length === 0
      ? `AWS's files hold no profile at all: aws configure --profile ${named} makes one.`
      : `${near === undefined ? "" : `Did you mean ${near}? `}AWS's files hold: ${known.join(", ")}.`,
  );
}

async function credentialsOf(
  options: AccessOptions,
  world: AwsWorld,
  profiles: Profiles,
  profile: Profile | undefined,
  region: string | undefined,
): Promise<ChainDecision | OptionDecision> {
  if (options.anonymous === true) return byOption("anonymous", "the option anonymous");
  if (options.credentials !== undefined) return byOption(options.credentials, "the option credentials");
  const { decideCredentials } = await import("./credential-chain.ts");
  return decideCredentials({
    world,
    profiles,
    profile,
    session: profile,
    fromEnvironment: options.profile === undefined,
    region,
    allowInsecureEndpoint: options.allowInsecureEndpoint === true,
  });
}

interface OptionDecision {
  readonly found: Decided<S3Access["credentials"]>;
  readonly trace: readonly ProviderReport[];
}

/** The other ways are not even looked at. */
function byOption(value: S3Access["credentials"], source: string): OptionDecision {
  const report = { provider: "option", outcome: "won", why: source, place: undefined, error: undefined } as const;
  return { found: { value, source }, trace: [report] };
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
    fromVariable(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.value ??
      profile?.settings["ignore_configured_endpoint_urls"] ??
      "",
  );
  if (given !== undefined || ignored) return given;
  const service = profile?.services["s3.endpoint_url"];
  return (
    fromVariable(env, "AWS_ENDPOINT_URL_S3") ??
    fromVariable(env, "AWS_ENDPOINT_URL") ??
    decided(service, `the services of profile ${profile?.name}`) ??
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

function misconfigured(message: string, hint: string): EntrepotError {
  return new EntrepotError("misconfigured", message, { hint });
}
