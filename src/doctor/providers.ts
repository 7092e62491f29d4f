/** Every way to credentials in order: which one decided, why the others did not, and where that stands. Asks nobody. */
import { describeProviders, type EntrepotOptions } from "../depot/index.ts";
import { type Finding, finding, problem } from "./finding.ts";

type Report = Awaited<ReturnType<typeof describeProviders>>[number];

const words: Readonly<Record<Report["outcome"], string>> = {
  won: "decides",
  failed: "fails",
  later: "would be asked later",
  "not configured": "not configured",
};
/** What is asked where nothing else is configured: it applies to every machine, and answers on few. */
const lastResort = "iam-role";

/** One finding a way; none where the profile does not exist, which the settings have said already. */
export async function providerFindings(options: EntrepotOptions, bucket: string | undefined): Promise<Finding[]> {
  let reports: readonly Report[];
  try {
    reports = await describeProviders(options, bucket);
  } catch {
    return [];
  }
  const findings = reports.map(told);
  const winner = reports.find(({ outcome }) => outcome === "won");
  if (winner !== undefined && winner.provider !== lastResort) return findings;
  if (reports.some(({ outcome }) => outcome === "failed")) return findings;
  return [...findings, nobody(options, winner !== undefined)];
}

function told({ provider, outcome, why, place, error }: Report): Finding {
  const name = `provider.${provider}`;
  const value = `${words[outcome]}: ${why}`;
  const source = place === undefined ? undefined : `${place.file}${place.line === undefined ? "" : `:${place.line}`}`;
  if (error === undefined) return finding(name, value, { source });
  return { ...problem(name, error), value: `${words[outcome]}: ${error.message}`, source };
}

/** Nothing is set up here; the machine itself may still have a role. */
function nobody(options: EntrepotOptions, machineIsAsked: boolean): Finding {
  const profile = options.profile ?? options.env?.["AWS_PROFILE"] ?? options.env?.["AWS_DEFAULT_PROFILE"];
  return finding("identity.configured", machineIsAsked ? "only the machine's own role, if it has one" : "nobody", {
    status: "note",
    hint: withoutKeys(profile || undefined),
  });
}

/** What to set up, for a profile that says nothing of credentials and for none. */
export function withoutKeys(profile: string | undefined): string {
  return profile === undefined
    ? "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, run aws configure, name a --profile, or add --anonymous for public data"
    : `the profile ${profile} holds no keys, role, single sign-on or process: aws configure --profile ${profile}`;
}
