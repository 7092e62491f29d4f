/**
 * A role that is taken with the credentials of another profile, of the environment, the container or the machine; that
 * profile may take a role itself.
 */
import { EntrepotError } from "../../../../error/index.ts";
import type { Profile } from "../profiles.ts";
import { containerRole } from "./container.ts";
import { environment } from "./environment.ts";
import { hasKeys } from "./file-keys.ts";
import { instanceRole } from "./instance-metadata.ts";
import { profileWays } from "./profile-ways.ts";
import { cachedRole, type RoleQuestion } from "./role-cache.ts";
import { askSts, sessionName } from "./sts.ts";
import { type Found, misconfigured, named, sourceIn, taken, variable, type Way, type WayContext } from "./way.ts";

export const assumeRole: Way = {
  name: "assume-role",
  find(context) {
    const { profile } = context;
    if (profile === undefined) return "there is no such profile";
    if (!takesRole(profile)) return `profile ${profile.name} names no role_arn to take with other credentials`;
    return roleOf(context, profile, [profile.name]);
  },
};

const sources: Readonly<Record<string, Way>> = {
  Environment: environment,
  EcsContainer: containerRole,
  Ec2InstanceMetadata: instanceRole,
};

/** With a token file the role is taken in another way. */
function takesRole({ settings }: Profile): boolean {
  return settings["role_arn"] !== undefined && settings["web_identity_token_file"] === undefined;
}

function roleOf(context: WayContext, profile: Profile, visited: readonly string[]): Found {
  const source = sourceOf(context, profile, visited);
  const { settings } = profile;
  const seconds = settings["duration_seconds"];
  const question: RoleQuestion = {
    RoleArn: settings["role_arn"] ?? "",
    RoleSessionName: settings["role_session_name"] || undefined,
    ExternalId: settings["external_id"] || undefined,
    SerialNumber: settings["mfa_serial"] || undefined,
    DurationSeconds: seconds !== undefined && /^\d+$/.test(seconds) ? Number(seconds) : undefined,
  };
  const place = profile.placeOf("role_arn");
  return {
    source: `role of ${sourceIn(profile, place)}, with ${source.source}`,
    place,
    value: async () => {
      const { world } = context;
      if (question.SerialNumber !== undefined) return (await cachedRole(world, question)) ?? wantsCode(profile);
      const { DurationSeconds: duration, RoleSessionName: own, ...rest } = question;
      const name = own ?? variable(context, "AWS_ROLE_SESSION_NAME") ?? sessionName(world.clock.now());
      return askSts(context, {
        action: "AssumeRole",
        parameters: { ...rest, RoleSessionName: name, DurationSeconds: duration?.toString() },
        credentials: await taken(source),
        hints: {
          forbidden: `The role's trust policy must allow ${source.source} (and its external_id), and that identity must be allowed sts:AssumeRole; see ${named(profile, "role_arn")}.`,
          unauthenticated: `STS does not accept the credentials of ${source.source}: renew them, or check this machine's clock.`,
          misconfigured: `Check role_arn, duration_seconds, role_session_name and region of ${named(profile, "role_arn")}.`,
        },
      });
    },
  };
}

function sourceOf(context: WayContext, profile: Profile, visited: readonly string[]): Found {
  const { source_profile: other, credential_source: kind } = profile.settings;
  if (other !== undefined && kind !== undefined) {
    throw misconfigured(
      `${named(profile, "role_arn")} names both source_profile and credential_source`,
      "Remove one of the two.",
    );
  }
  if (kind !== undefined) return sourceOfKind(context, profile, kind);
  if (other === undefined) {
    throw misconfigured(
      `${named(profile, "role_arn")} names a role, but nobody to take it`,
      "Add source_profile (a profile with credentials) or credential_source (Environment, EcsContainer, Ec2InstanceMetadata).",
    );
  }
  const source = context.profiles.get(other);
  if (source === undefined) {
    throw misconfigured(
      `${named(profile, "source_profile")} names the source_profile ${JSON.stringify(other)}, which does not exist`,
      `AWS's files hold: ${context.profiles.names.join(", ")}.`,
    );
  }
  // A profile may name itself: its own keys take its role.
  if (visited.includes(other) && (other !== profile.name || !hasKeys(source))) {
    throw misconfigured(
      `the source_profile of ${named(profile, "source_profile")} leads round in a circle: ${[...visited, other].join(" → ")}`,
      "One of them must hold credentials of its own.",
    );
  }
  const below = { ...context, profile: source, fromEnvironment: false };
  if (!hasKeys(source) && takesRole(source)) return roleOf(below, source, [...visited, other]);
  for (const way of profileWays) {
    const found = way.find(below);
    if (typeof found !== "string") return found;
  }
  throw misconfigured(
    `${named(source)} has no credentials, and ${named(profile, "source_profile")} takes its role with them`,
    "Give the source_profile keys, single sign-on, a credential_process or a role of its own.",
  );
}

function sourceOfKind(context: WayContext, profile: Profile, kind: string): Found {
  const way = Object.hasOwn(sources, kind) ? sources[kind] : undefined;
  if (way === undefined) {
    throw misconfigured(
      `${named(profile, "credential_source")} names the credential_source ${JSON.stringify(kind)}, which is none`,
      `It is one of ${Object.keys(sources).join(", ")}.`,
    );
  }
  const found = way.find({ ...context, fromEnvironment: true });
  if (typeof found !== "string") return found;
  throw misconfigured(
    `${named(profile, "credential_source")} takes its role with ${kind}, which gives no credentials: ${found}`,
    "Give credentials there, or name a source_profile.",
  );
}

/** A library has nobody whom it could ask. */
function wantsCode(profile: Profile): never {
  throw new EntrepotError("unauthenticated", `the role of ${named(profile, "mfa_serial")} wants a one-time code`, {
    hint: `Let the AWS CLI ask for it: aws sts get-caller-identity --profile ${profile.name}. What it gets is used here until it ends.`,
  });
}
