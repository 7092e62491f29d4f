/** The form of a set-up of AWS's tools, and the pieces of which such set-ups are made. `{at}` is the services' origin. */

export interface CredentialCase {
  readonly name: string;
  readonly config?: string;
  readonly credentials?: string;
  /** Others, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly profile?: string;
  /** The access key, or the code of the error and what its message or hint says. */
  readonly gives: string | readonly [code: string, says: RegExp];
}

export const keys = (key: string) => `aws_access_key_id = ${key}\naws_secret_access_key = secret-of-${key}\n`;
export const env = (key: string) => ({ AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: `secret-of-${key}` });
export const role = (name: string) => `role_arn = arn:aws:iam::123456789012:role/${name}\n`;
export const printing = (json: string) => `credential_process = /bin/echo '${json}'\n`;
export const printed = (key: string) => `{"Version": 1, "AccessKeyId": "${key}", "SecretAccessKey": "s"}`;
export const sso = `sso_account_id = 123456789012\nsso_role_name = reader\n`;
export const session = `[sso-session corp]\nsso_start_url = https://corp.example\nsso_region = eu-west-1\n`;
export const legacy = `${sso}sso_start_url = https://corp.example\nsso_region = eu-west-1\n`;
/** SHA-1 of `corp` and of `https://corp.example`. */
export const sessionFile = "~/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
export const legacyFile = "~/.aws/sso/cache/bf76a79a0d2919005ac43fa78017635692db6d30.json";
export const token = (expiresAt: string, accessToken = "sso-good", over = {}) =>
  JSON.stringify({ startUrl: "https://corp.example", region: "eu-west-1", accessToken, expiresAt, ...over });
export const renewable = (refreshToken: string) => ({
  clientId: "client",
  clientSecret: "client-secret",
  registrationExpiresAt: "2030-03-01T00:00:00Z",
  refreshToken,
});
export const jwt = { "/jwt": "jwt-good\n", "/old-token": "jwt-ended" };
