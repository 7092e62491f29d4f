/** The ways that a profile itself can say, in the order in which the AWS CLI looks for them. */
import { credentialProcess } from "./credential-process.ts";
import { configFileKeys, credentialsFileKeys } from "./file-keys.ts";
import { loginSession } from "./login-session.ts";
import { singleSignOn } from "./single-sign-on.ts";
import type { Way } from "./way.ts";
import { webIdentity } from "./web-identity.ts";

export const profileWays: readonly Way[] = [
  webIdentity,
  singleSignOn,
  credentialsFileKeys,
  loginSession,
  credentialProcess,
  configFileKeys,
];
