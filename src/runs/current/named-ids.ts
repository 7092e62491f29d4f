/** Which run and which policy: as arguments, as values, in the environment; in this order. */
import { EntrepotError } from "../../error/index.ts";

export interface RunIds {
  readonly runId: string;
  readonly policyId: string;
  /** Who said so. */
  readonly by: "arguments" | "options" | "environment";
}

interface Asked {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runId?: string | undefined;
  readonly policyId?: string | undefined;
}

/** `undefined` when nothing names one. Error: misconfigured for one id without the other, an empty one, or two that differ. */
export function namedIds({ argv, env, runId, policyId }: Asked): RunIds | undefined {
  return (
    both("arguments", argument(argv, "run"), argument(argv, "policy"), "--run-id", "--policy-id") ??
    both("options", filled("runId", runId), filled("policyId", policyId), "runId", "policyId") ??
    both(
      "environment",
      env["ENTREPOT_RUN_ID"] || undefined,
      env["ENTREPOT_POLICY_ID"] || undefined,
      "ENTREPOT_RUN_ID",
      "ENTREPOT_POLICY_ID",
    )
  );
}

/** An empty id is no missing one: whoever computed it meant a run. */
function filled(name: string, id: string | undefined): string | undefined {
  if (id !== "") return id;
  throw new EntrepotError("misconfigured", `${name} is empty`, {
    hint: "give the id of a run of the database, or leave it out for a local run",
  });
}

function both(
  by: RunIds["by"],
  runId: string | undefined,
  policyId: string | undefined,
  runName: string,
  policyName: string,
): RunIds | undefined {
  if (runId === undefined && policyId === undefined) return undefined;
  if (runId !== undefined && policyId !== undefined) return { runId, policyId, by };
  const [given, missing] = runId === undefined ? [policyName, runName] : [runName, policyName];
  throw new EntrepotError("misconfigured", `${given} is given, and ${missing} is not`, {
    hint: "give both for a run of the database, or neither for a local run",
  });
}

/** `--run-id X`, `--run-id=X`, `--run_id X`, `--run_id=X`, before any `--`. */
function argument(argv: readonly string[], name: "run" | "policy"): string | undefined {
  const end = argv.indexOf("--");
  const given = end < 0 ? argv : argv.slice(0, end);
  const flag = new RegExp(`^--${name}[-_]id(?:=(.*))?$`, "s");
  const values = given.flatMap((text, at) => {
    const found = flag.exec(text);
    return found === null ? [] : [checked(`--${name}-id`, found[1] ?? given[at + 1], found[1] === undefined)];
  });
  if (new Set(values).size > 1)
    throw new EntrepotError("misconfigured", `--${name}-id is given ${values.length} times, with different ids`, {
      hint: "give it once",
    });
  return values[0];
}

function checked(name: string, value: string | undefined, isNext: boolean): string {
  if (value !== undefined && value !== "" && !(isNext && value.startsWith("--"))) return value;
  throw new EntrepotError("misconfigured", `${name} has no id behind it`, { hint: `write ${name} ID or ${name}=ID` });
}
