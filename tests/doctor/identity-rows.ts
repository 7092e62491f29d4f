/** Who it is: nobody, half of somebody, somebody whose time is over, or somebody whom nobody may become. */
import { createHash } from "node:crypto";
import type { Row } from "./row.ts";
import { canaries, noKeys } from "./stage.ts";

const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const ssoConfig = `[profile p]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = reader
[sso-session corp]
sso_start_url = https://corp.example
sso_region = eu-west-1
`;
const token = `.aws/sso/cache/${createHash("sha1").update("corp").digest("hex")}.json`;
const kept = (over: object) =>
  JSON.stringify({
    startUrl: "https://corp.example",
    accessToken: canaries.ssoAccessToken,
    expiresAt: at(-60),
    ...over,
  });
const config = (text: string) => ({ ".aws/config": text });
const profile = { ...noKeys, AWS_PROFILE: "p" };
const source = `[profile source]\naws_access_key_id = SOURCE\naws_secret_access_key = secret-of-SOURCE\n`;
const role = (name: string) => `role_arn = arn:aws:iam::123456789012:role/${name}\n`;

export const identityRows: readonly Row[] = [
  {
    name: "half a key pair: no secret",
    env: { AWS_SECRET_ACCESS_KEY: undefined },
    finds: "provider.env",
    code: "misconfigured",
    value: /AWS_SECRET_ACCESS_KEY is not/,
    hint: /Set both/,
  },
  {
    name: "half a key pair: no key",
    env: { AWS_ACCESS_KEY_ID: undefined },
    finds: "env.AWS_ACCESS_KEY_ID",
    code: "misconfigured",
    value: /missing/,
    hint: /AWS_SECRET_ACCESS_KEY is set without it/,
  },
  {
    name: "an unknown profile, mistyped",
    env: { ...noKeys, AWS_PROFILE: "taem" },
    files: config("[profile team]\nregion = a\n"),
    finds: "s3",
    code: "misconfigured",
    value: /no profile "taem" \(AWS_PROFILE\)/,
    hint: /Did you mean team\?/,
  },
  {
    name: "an unknown profile, and no files",
    args: ["--profile", "nobody"],
    env: noKeys,
    finds: "s3",
    code: "misconfigured",
    hint: /aws configure --profile nobody/,
  },
  {
    name: "a profile without keys",
    env: profile,
    files: config("[profile p]\nregion = eu-west-1\n"),
    finds: "identity",
    code: "unauthenticated",
    hint: /the profile p holds no keys.*aws configure --profile p/,
  },
  {
    name: "half a key pair in a file",
    env: profile,
    files: { ".aws/credentials": "[p]\naws_access_key_id = X\n" },
    finds: "provider.shared-credentials-file",
    code: "misconfigured",
    value: /access key, but no secret/,
    hint: /Add aws_secret_access_key/,
  },
  {
    name: "a single sign-on that has ended",
    env: profile,
    files: { ...config(ssoConfig), [token]: kept({}) },
    finds: "identity",
    code: "unauthenticated",
    value: /has ended/,
    hint: /aws sso login --sso-session corp/,
  },
  {
    name: "a single sign-on whose renewal is refused",
    sameFix: true,
    env: profile,
    files: {
      ...config(ssoConfig),
      [token]: kept({
        clientId: "client",
        clientSecret: "client-secret",
        registrationExpiresAt: at(9e4),
        refreshToken: canaries.ssoRefreshToken,
      }),
    },
    finds: "identity",
    code: "unauthenticated",
    hint: /Sign in again: aws sso login/,
  },
  {
    name: "a single sign-on that nobody has done",
    env: profile,
    files: config(ssoConfig),
    finds: "identity",
    code: "unauthenticated",
    value: /nobody has signed in/,
    hint: /Sign in: aws sso login --sso-session corp/,
  },
  {
    name: "an sso_session that is not there",
    env: profile,
    files: config(ssoConfig.replace("[sso-session corp]", "[sso-session crop]")),
    finds: "provider.sso",
    code: "misconfigured",
    value: /config:2\) names the sso_session "corp"/,
    hint: /Add \[sso-session corp\]/,
  },
  {
    name: "a single sign-on without an account",
    env: profile,
    files: config(ssoConfig.replace(/sso_account_id.*\n/, "")),
    finds: "provider.sso",
    code: "misconfigured",
    hint: /aws configure sso --profile p/,
  },
  {
    name: "roles that lead round in a circle",
    env: profile,
    files: config(`[profile p]\n${role("a")}source_profile = q\n[profile q]\n${role("b")}source_profile = p\n`),
    finds: "provider.assume-role",
    code: "misconfigured",
    value: /circle: p → q → p/,
    hint: /must hold credentials of its own/,
  },
  {
    name: "a role with a source_profile that is not there",
    env: profile,
    files: config(`[profile p]\n${role("a")}source_profile = gone\n`),
    finds: "provider.assume-role",
    code: "misconfigured",
    value: /source_profile "gone"/,
    hint: /AWS's files hold: p/,
  },
  {
    name: "a role that nobody takes",
    env: profile,
    files: config(`[profile p]\n${role("a")}`),
    finds: "provider.assume-role",
    code: "misconfigured",
    hint: /Add source_profile/,
  },
  {
    name: "a role that STS denies",
    env: profile,
    files: config(`[profile p]\n${role("denied")}source_profile = source\n${source}`),
    finds: "identity",
    code: "forbidden",
    value: /AccessDenied/,
    hint: /trust policy must allow/,
  },
  {
    name: "a role taken with an unknown key",
    env: profile,
    files: config(`[profile p]\n${role("a")}source_profile = source\n${source.replaceAll("SOURCE", "UNKNOWN")}`),
    finds: "identity",
    code: "unauthenticated",
    hint: /STS does not accept the credentials of profile source/,
  },
  {
    name: "a role that wants a one-time code",
    env: profile,
    files: config(`[profile p]\n${role("a")}source_profile = source\nmfa_serial = arn:aws:iam::1:mfa/me\n${source}`),
    finds: "identity",
    code: "unauthenticated",
    hint: /aws sts get-caller-identity --profile p/,
  },
  {
    name: "a credential_process that is not there",
    env: profile,
    files: config("[profile p]\ncredential_process = /no/such/program\n"),
    finds: "identity",
    code: "misconfigured",
    value: /cannot be started/,
    hint: /installed, executable, and on PATH/,
  },
  {
    name: "a credential_process that fails",
    env: profile,
    files: config(`[profile p]\ncredential_process = /bin/sh -c "echo got ${canaries.processOutput} >&2; exit 3"\n`),
    finds: "identity",
    code: "unauthenticated",
    value: /exit code 3/,
    hint: /Run the command by hand/,
  },
  {
    name: "a credential_process that prints something else",
    env: profile,
    files: config(`[profile p]\ncredential_process = /bin/echo ${canaries.processOutput}\n`),
    finds: "identity",
    code: "misconfigured",
    hint: /It prints \{"Version": 1/,
  },
  {
    name: "a credential_process with an open quote",
    env: profile,
    files: config('[profile p]\ncredential_process = "/bin/echo x\n'),
    finds: "provider.custom-process",
    code: "misconfigured",
    hint: /stands in double quotes/,
  },
  {
    name: "a web identity token that is not there",
    env: { ...noKeys, AWS_WEB_IDENTITY_TOKEN_FILE: "/no/such/token", AWS_ROLE_ARN: "arn:aws:iam::1:role/r" },
    finds: "identity",
    code: "misconfigured",
    value: /\/no\/such\/token does not exist/,
    hint: /Check the path/,
  },
  {
    name: "a web identity token without a role",
    env: { ...noKeys, AWS_WEB_IDENTITY_TOKEN_FILE: "/no/such/token" },
    finds: "provider.assume-role-with-web-identity",
    code: "misconfigured",
    hint: /Set AWS_ROLE_ARN/,
  },
  {
    name: "a web identity token that STS does not know",
    env: { ...noKeys, AWS_ROLE_ARN: "arn:aws:iam::1:role/r" },
    prepare: async (stage) => ({
      AWS_WEB_IDENTITY_TOKEN_FILE: await stage.file("token", canaries.webIdentityToken),
    }),
    finds: "identity",
    code: "unauthenticated",
    hint: /is it still renewed, and is its issuer known/,
  },
  {
    name: "a container's endpoint that refuses",
    env: { ...noKeys, AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/role" },
    finds: "identity",
    code: "unreachable",
    value: /the container's endpoint at http:\/\/127\.0\.0\.1:1/,
    hint: /AWS_CONTAINER_CREDENTIALS_FULL_URI/,
  },
  {
    name: "a container's endpoint anywhere",
    env: { ...noKeys, AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://far.example/role" },
    finds: "identity",
    code: "misconfigured",
    hint: /It is a loopback address/,
  },
  {
    name: "nobody, and the metadata service switched off",
    env: noKeys,
    finds: "identity",
    code: "unauthenticated",
    value: /no credentials were found/,
    hint: /Set AWS_ACCESS_KEY_ID.*--profile.*--anonymous/,
  },
  {
    name: "keys of the environment that have ended",
    env: { AWS_SESSION_TOKEN: canaries.sessionToken, AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z" },
    finds: "identity",
    code: "unauthenticated",
    value: /ended at 2020/,
    hint: /Set new ones/,
  },
  {
    name: "a file with keys that others may read",
    prepare: async (stage) => {
      await stage.file(".aws/credentials", "[default]\n", 0o644);
      return undefined;
    },
    address: null,
    finds: "file.mode",
    value: /0o644: others on this machine may read it/,
    hint: /^chmod 600 .*credentials$/,
  },
];
