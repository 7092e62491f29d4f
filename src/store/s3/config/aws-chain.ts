/**
 * AWS's own chain for everything that is not a fixed key: single sign-on, roles, processes, web identity, containers, machines.
 * Loaded when it is first asked; it reads the process's environment and files itself.
 */
import { EntrepotError } from "../../../error/index.ts";
import type { CredentialProvider } from "../identity.ts";

interface AwsChainOptions {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
}

/** Asks anew at each call. Error: unauthenticated. */
export function awsChain({ profile, region }: AwsChainOptions): CredentialProvider {
  return async () => {
    const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
    try {
      const provide = defaultProvider({
        ...(profile === undefined ? undefined : { profile }),
        ...(region === undefined ? undefined : { clientConfig: { region } }),
      });
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provide({ forceRefresh: true });
      return { accessKeyId, secretAccessKey, sessionToken, expiresMs: expiration?.getTime() };
    } catch (cause) {
      throw new EntrepotError("unauthenticated", "no credentials were found", {
        cause,
        hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile, sign in (aws sso login), or read public data with anonymous: true.",
      });
    }
  };
}
