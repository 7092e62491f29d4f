/**
 * Whose credentials are used: the first way that applies, in the order of the AWS CLI (botocore). Decided from environment and
 * files alone, so that it can be told without asking anybody; what a way gives when it is asked is its own affair.
 */
import { type EntrepotError, isEntrepotError } from "../../../error/index.ts";
import type { FilePlace } from "./profiles.ts";
import { assumeRole } from "./providers/assume-role.ts";
import { containerRole } from "./providers/container.ts";
import { environment } from "./providers/environment.ts";
import { instanceRole, noCredentialsHint } from "./providers/instance-metadata.ts";
import { profileWays } from "./providers/profile-ways.ts";
import { type Found, unauthenticated, type Way, type WayContext, type WayName } from "./providers/way.ts";

const ways: readonly Way[] = [environment, assumeRole, ...profileWays, containerRole, instanceRole];

/** What one way says, in its turn. Holds no secret. */
export interface ProviderReport {
  /** In the words of the AWS CLI, or the option that decided. */
  readonly provider: WayName | "option";
  /** `later`: it applies, or would fail, but an earlier one decides. */
  readonly outcome: "won" | "failed" | "later" | "not configured";
  /** Who it would be, or why it is not. */
  readonly why: string;
  /** Where that stands. */
  readonly place: FilePlace | undefined;
  /** Of one that failed. */
  readonly error: EntrepotError | undefined;
}

export interface ChainDecision {
  readonly found: Found;
  /** Every way in order, asked or not. */
  readonly trace: readonly ProviderReport[];
}

/** Looks at every way; the error of the way that decides is thrown by `found.value` and stands in the trace. */
export function decideCredentials(context: WayContext): ChainDecision {
  const trace: ProviderReport[] = [];
  let decided: Found | undefined;
  for (const { name, find } of ways) {
    const first = decided === undefined;
    const report = (outcome: ProviderReport["outcome"], why: string, place?: FilePlace, error?: EntrepotError) =>
      trace.push({ provider: name, outcome, why, place, error });
    try {
      const found = find(context);
      if (typeof found === "string") report("not configured", found);
      else report(first ? "won" : "later", found.source, found.place);
      if (typeof found !== "string") decided ??= found;
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      report(first ? "failed" : "later", error.message, undefined, first ? error : undefined);
      decided ??= { source: error.message, place: undefined, value: () => Promise.reject(error) };
    }
  }
  return { found: decided ?? nobody, trace };
}

const nobody: Found = {
  source: "nobody: no provider is configured",
  place: undefined,
  value: async () => {
    throw unauthenticated("no credentials were found", noCredentialsHint);
  },
};
