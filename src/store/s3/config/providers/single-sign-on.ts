/** The role that a person has by single sign-on (IAM Identity Center), by `sso_session` or in the older form without. */
import { EntrepotError } from "../../../../error/index.ts";
import type { Credentials } from "../../sign.ts";
import { awsFolder, type Profile } from "../profiles.ts";
import { ask, jsonObject, refused, textField } from "./ask.ts";
import { serviceEndpoint } from "./service-endpoint.ts";
import { accessToken, type SsoSession } from "./sso-token.ts";
import { TokenFile } from "./token-file.ts";
import { misconfigured, named, sourceIn, type Way, type WayContext } from "./way.ts";

const ownSettings = ["sso_account_id", "sso_role_name"] as const;
const sharedSettings = ["sso_start_url", "sso_region"] as const;

export const singleSignOn: Way = {
  name: "sso",
  find(context) {
    const { profile } = context;
    if (profile === undefined) return "there is no such profile";
    if (ownSettings.every((name) => profile.settings[name] === undefined)) {
      return `profile ${profile.name} holds neither sso_account_id nor sso_role_name`;
    }
    const settings = withSession(context, profile);
    const missing = [...ownSettings, ...sharedSettings].filter((name) => !settings[name]);
    if (missing.length > 0) {
      throw misconfigured(
        `${named(profile)} signs in by single sign-on, but does not say ${missing.join(", ")}`,
        `Run aws configure sso --profile ${profile.name}, or add what is missing.`,
      );
    }
    const session = profile.settings["sso_session"];
    const folder = awsFolder(context.world);
    if (folder === undefined) throw misconfigured("nobody knows where ~/.aws is", "Set HOME.");
    const { sso_start_url: startUrl = "", sso_region: region = "" } = settings;
    const signedOn: SsoSession = {
      startUrl,
      region,
      renews: session !== undefined,
      file: new TokenFile(context.world, `${folder}/sso/cache`, "sha1", session ?? startUrl),
      where: named(profile, session === undefined ? "sso_start_url" : "sso_session"),
      command:
        session === undefined ? `aws sso login --profile ${profile.name}` : `aws sso login --sso-session ${session}`,
    };
    const role = { accountId: settings["sso_account_id"] ?? "", roleName: settings["sso_role_name"] ?? "" };
    const place = profile.placeOf("sso_account_id");
    return {
      source: `single sign-on of ${sourceIn(profile, place)}`,
      place,
      value: async () => roleCredentials(context, signedOn, role, await accessToken(context, signedOn)),
    };
  },
};

/** What the `[sso-session …]` adds; it may repeat the profile, but not contradict it. */
function withSession({ profiles }: WayContext, profile: Profile): Readonly<Record<string, string>> {
  const name = profile.settings["sso_session"];
  if (name === undefined) return profile.settings;
  const session = profiles.ssoSession(name);
  if (session === undefined) {
    throw misconfigured(
      `${named(profile, "sso_session")} names the sso_session ${JSON.stringify(name)}, which does not exist`,
      `Add [sso-session ${name}] to the config file (aws configure sso-session).`,
    );
  }
  for (const setting of Object.keys(session.settings)) {
    const own = profile.settings[setting];
    if (own !== undefined && own !== session.settings[setting]) {
      throw misconfigured(
        `${setting} of ${named(profile, setting)} is not that of [sso-session ${name}]`,
        `Remove ${setting} from the profile.`,
      );
    }
  }
  return { ...profile.settings, ...session.settings };
}

async function roleCredentials(
  context: WayContext,
  session: SsoSession,
  { accountId, roleName }: { readonly accountId: string; readonly roleName: string },
  token: string,
): Promise<Credentials> {
  const { url } = serviceEndpoint(context, "sso", session.region, "/federation/credentials");
  url.searchParams.set("role_name", roleName);
  url.searchParams.set("account_id", accountId);
  const service = `single sign-on at ${url.origin}`;
  const headers = { "x-amz-sso_bearer_token": token, accept: "application/json" };
  const { status, text, headers: answered } = await ask(context.world, { service, method: "GET", url, headers });
  const answer = jsonObject(text);
  if (status !== 200) {
    const word = (answered["x-amzn-errortype"] ?? textField(answer, "__type")).replace(/^.*#|:.*$/g, "");
    const refusal = { service, status, word, message: textField(answer, "message"), secrets: [token] };
    throw refused(refusal, status === 404 ? "forbidden" : undefined, {
      unauthenticated: `Sign in again: ${session.command}`,
      forbidden: `You have no role ${roleName} in the account ${accountId}: check sso_role_name and sso_account_id of ${session.where}.`,
      misconfigured: `Check sso_role_name, sso_account_id and sso_region of ${session.where}.`,
    });
  }
  const given = (answer?.["roleCredentials"] ?? {}) as Record<string, unknown>;
  const accessKeyId = textField(given, "accessKeyId");
  const secretAccessKey = textField(given, "secretAccessKey");
  const expiresMs = given["expiration"];
  if (accessKeyId === "" || secretAccessKey === "" || typeof expiresMs !== "number") {
    throw new EntrepotError("protocol", `${service} answered without credentials`, {
      hint: `What answers there is not single sign-on: check sso_region of ${session.where}.`,
    });
  }
  return { accessKeyId, secretAccessKey, sessionToken: textField(given, "sessionToken") || undefined, expiresMs };
}
