/** The session of `aws login`: the CLI keeps its credentials in a file, which is renewed here as the CLI renews it. */
import { createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign } from "node:crypto";
import { EntrepotError } from "../../../../error/index.ts";
import type { Credentials } from "../../sign.ts";
import { awsFolder, expandPath } from "../profiles.ts";
import { ask, jsonObject, momentMs, refused, textField } from "./ask.ts";
import { serviceEndpoint } from "./service-endpoint.ts";
import { formatMoment, type TokenFields, TokenFile } from "./token-file.ts";
import { misconfigured, named, sourceIn, unauthenticated, variable, type Way, type WayContext } from "./way.ts";

/** Renewed from this long before the end, milliseconds: as the AWS CLI does it. */
const renewBeforeMs = 5 * 60_000;

interface LoginSession {
  readonly file: TokenFile;
  readonly where: string;
  readonly command: string;
}

export const loginSession: Way = {
  name: "login",
  find(context) {
    const { profile, world } = context;
    if (profile === undefined) return "there is no such profile";
    const session = profile.settings["login_session"];
    if (session === undefined) return `profile ${profile.name} names no login_session`;
    const given = variable(context, "AWS_LOGIN_CACHE_DIRECTORY");
    const home = awsFolder(world);
    const folder = given === undefined ? home && `${home}/login/cache` : expandPath(world, given);
    if (folder === undefined) throw misconfigured("nobody knows where ~/.aws is", "Set HOME.");
    const login: LoginSession = {
      file: new TokenFile(world, folder, "sha256", session),
      where: named(profile, "login_session"),
      command: `aws login --profile ${profile.name}`,
    };
    const place = profile.placeOf("login_session");
    return { source: `aws login of ${sourceIn(profile, place)}`, place, value: () => current(context, login) };
  },
};

async function current(context: WayContext, login: LoginSession): Promise<Credentials> {
  const kept = await login.file.read();
  const credentials = credentialsOf(kept);
  if (kept === undefined || credentials === undefined) {
    throw unauthenticated(`nobody has logged in for ${login.where}`, `Log in: ${login.command}`);
  }
  const leftMs = (credentials.expiresMs ?? 0) - context.world.clock.now();
  if (leftMs > renewBeforeMs) return credentials;
  try {
    return await renew(context, login, kept);
  } catch (error) {
    const other = credentialsOf(await login.file.read());
    if ((other?.expiresMs ?? 0) > (credentials.expiresMs ?? 0)) return other ?? credentials;
    if (leftMs > 0) return credentials;
    throw error;
  }
}

async function renew(context: WayContext, login: LoginSession, kept: TokenFields): Promise<Credentials> {
  const region = textField(kept, "signInRegion") || context.region;
  const { url } = serviceEndpoint(context, "signin", region, "/v1/token");
  const service = `the sign-in service at ${url.origin}`;
  const refreshToken = textField(kept, "refreshToken");
  const asked = { clientId: textField(kept, "clientId"), refreshToken, grantType: "refresh_token" };
  const headers = { "content-type": "application/json", dpop: proof(context, login, kept, url) };
  const body = Buffer.from(JSON.stringify(asked));
  const { status, text } = await ask(context.world, { service, method: "POST", url, headers, body });
  const answer = jsonObject(text);
  const word = textField(answer, "error");
  if (status === 400 || status === 401 || (status === 403 && word !== "INSUFFICIENT_PERMISSIONS")) {
    throw unauthenticated(`the login for ${login.where} has ended`, `Log in again: ${login.command}`);
  }
  if (status !== 200) {
    const refusal = { service, status, word, message: textField(answer, "message"), secrets: [refreshToken] };
    throw refused(refusal, undefined, {
      forbidden: "The account does not let you renew a login; see SignInLocalDevelopmentAccess.",
    });
  }
  const given = answer?.["accessToken"];
  const seconds = answer?.["expiresIn"];
  if (typeof given !== "object" || given === null || typeof seconds !== "number") {
    throw new EntrepotError("protocol", `${service} answered without credentials`, {
      hint: `Log in again: ${login.command}`,
    });
  }
  const before = kept["accessToken"] as TokenFields;
  const expiresAt = formatMoment(context.world.clock.now() + seconds * 1000);
  const fresh = {
    ...kept,
    accessToken: { ...before, ...given, expiresAt },
    refreshToken: textField(answer, "refreshToken") || refreshToken,
  };
  const credentials = credentialsOf(fresh);
  if (credentials === undefined) throw new EntrepotError("protocol", `${service} answered without credentials`);
  await login.file.write(fresh);
  return credentials;
}

/** DPoP (RFC 9449): shows that the question comes from whoever logged in. */
function proof({ world }: WayContext, login: LoginSession, kept: TokenFields, url: URL): string {
  let key: KeyObject;
  try {
    key = createPrivateKey(textField(kept, "dpopKey"));
  } catch {
    throw unauthenticated(`the login for ${login.where} lacks the key to renew it`, `Log in again: ${login.command}`);
  }
  const { x, y } = createPublicKey(key).export({ format: "jwk" });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = { typ: "dpop+jwt", alg: "ES256", jwk: { kty: "EC", x, y, crv: "P-256" } };
  const claims = { htm: "POST", htu: url.href, iat: Math.floor(world.clock.now() / 1000), jti: randomUUID() };
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

function credentialsOf(kept: TokenFields | undefined): Credentials | undefined {
  const given = kept?.["accessToken"];
  if (typeof given !== "object" || given === null) return undefined;
  const fields = given as TokenFields;
  const accessKeyId = textField(fields, "accessKeyId");
  const secretAccessKey = textField(fields, "secretAccessKey");
  if (accessKeyId === "" || secretAccessKey === "") return undefined;
  const expiresMs = momentMs(textField(fields, "expiresAt")) ?? 0;
  return { accessKeyId, secretAccessKey, sessionToken: textField(fields, "sessionToken") || undefined, expiresMs };
}
