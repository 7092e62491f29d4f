/** Keys in the environment. */
import type { Credentials } from "../../sign.ts";
import { momentMs } from "./ask.ts";
import { misconfigured, unauthenticated, variable, type Way, type WayContext } from "./way.ts";

export const environment: Way = {
  name: "env",
  find(context) {
    const found = environmentKeys(context);
    if (found === undefined) return "AWS_ACCESS_KEY_ID is not set";
    if (!context.fromEnvironment) return "passed over: a profile was asked for by name";
    return { source: "environment", place: undefined, value: lasting(found, context) };
  },
};

/** The pair and what belongs to it; `undefined` without the key, whose secret alone means nothing. Error: misconfigured. */
export function environmentKeys(context: Pick<WayContext, "world" | "fromEnvironment">): Credentials | undefined {
  const accessKeyId = variable(context, "AWS_ACCESS_KEY_ID");
  const secretAccessKey = variable(context, "AWS_SECRET_ACCESS_KEY");
  if (accessKeyId === undefined) return undefined;
  if (secretAccessKey === undefined) {
    if (!context.fromEnvironment) return undefined;
    throw misconfigured("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not", "Set both or none.");
  }
  const sessionToken = variable(context, "AWS_SECURITY_TOKEN") ?? variable(context, "AWS_SESSION_TOKEN");
  const ends = variable(context, "AWS_CREDENTIAL_EXPIRATION");
  if (ends === undefined) return { accessKeyId, secretAccessKey, sessionToken };
  const expiresMs = momentMs(ends);
  if (expiresMs === undefined) {
    throw misconfigured("AWS_CREDENTIAL_EXPIRATION is no moment", "Write it as 2026-11-22T12:00:00Z, or unset it.");
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiresMs };
}

/** Nobody renews what is in an environment: when it has ended, that is said instead of sent. */
function lasting(credentials: Credentials, { world }: WayContext): Credentials | (() => Promise<Credentials>) {
  const { expiresMs } = credentials;
  if (expiresMs === undefined) return credentials;
  return async () => {
    if (expiresMs > world.clock.now()) return credentials;
    throw unauthenticated(
      `the credentials in the environment ended at ${new Date(expiresMs).toISOString()}`,
      "Set new ones (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION), or unset them.",
    );
  };
}
