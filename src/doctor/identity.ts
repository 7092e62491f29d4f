/** Asks whoever gives the credentials, once, so that their failure is not mistaken for the bucket's. */
import { askIdentity, type EntrepotOptions } from "../depot/index.ts";
import { isEntrepotError } from "../error/index.ts";
import { type Finding, finding, problem } from "./finding.ts";
import { withoutKeys } from "./providers.ts";

/** From here on an end is worth a word, milliseconds. */
const soonMs = 15 * 60_000;

/** Who it is and until when. */
export async function identityFinding(
  options: EntrepotOptions,
  bucket: string | undefined,
  nowMs: number,
): Promise<Finding> {
  try {
    const { shown, source, expiresMs } = await askIdentity(options, bucket);
    if (expiresMs === undefined) return finding("identity", shown, { source });
    const leftMs = expiresMs - nowMs;
    const value = `${shown}, ${leftMs > 0 ? "ends" : "ended"} at ${new Date(expiresMs).toISOString()}`;
    if (leftMs > soonMs) return finding("identity", value, { source });
    return finding("identity", value, { source, status: "note", hint: "it ends soon, or has ended: renew it" });
  } catch (error) {
    return withProfile(problem("identity", error), error, options);
  }
}

/** Where no machine answers, what is missing is a line in the profile. */
function withProfile(found: Finding, error: unknown, { profile, env }: EntrepotOptions): Finding {
  const named = profile ?? (env?.["AWS_PROFILE"] || env?.["AWS_DEFAULT_PROFILE"] || undefined);
  const isNobody = isEntrepotError(error, "unauthenticated") && /no credentials were found/.test(error.message);
  return isNobody && named !== undefined ? { ...found, hint: withoutKeys(named) } : found;
}
