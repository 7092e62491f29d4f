/** Which service starts jobs for tasks, and what it is told: for `start --submit` and `manifest --for`. */
import { EntrepotError } from "../../error/index.ts";
import { type RunRecord, type Submitter, type SubmitterName, submitterNames, submitterOf } from "../../runs/index.ts";
import type { Call } from "../command.ts";
import { fileOrAddress } from "../file-or-address.ts";
import { text, type ValueOption } from "../option.ts";
import { UsageError } from "../usage-error.ts";

export const serviceSettingsOption: ValueOption<string> = text("FILE", "the service's settings, one object of JSON");

export const submitNote =
  'The settings of batch: { "queue", "jobDefinition" }, those of kubernetes: { "secret", "server" }, the latter to start jobs from outside of the cluster; what else they may hold is in docs/runs.md. Secrets are named, never held. A job executes: entrepot runs worker --run RUN --policy NAME.';

/** Whoever opens it closes it; `assumed` are variables where the environment has none. Error: misconfigured. UsageError without settings. */
export async function openSubmitter(
  call: Call,
  name: SubmitterName,
  settings: string | undefined,
  assumed: Readonly<Record<string, string>> = {},
): Promise<Submitter> {
  if (settings === undefined)
    throw new UsageError(`${name} needs its settings`, `write them to a file, and give --settings ${name}.json`);
  const [data, { options }] = [await call.depot(), await call.options()];
  const env = { ...assumed, ...(options.env ?? process.env) };
  return submitterOf(name, {
    data,
    options: { ...options, env },
    service: await data.readJson(fileOrAddress(settings)),
  });
}

/** That of the service whose jobs a run belongs to. Errors: those of `openSubmitter`, precondition-failed for a run of workers that wait. */
export async function openSubmitterOf(
  call: Call,
  { id, service }: Pick<RunRecord, "id" | "service">,
  settings: string,
): Promise<Submitter> {
  const name = submitterNames.find((each) => each === service);
  if (name !== undefined) return openSubmitter(call, name, settings);
  throw new EntrepotError("precondition-failed", `run ${id} was not started for jobs of batch or kubernetes`, {
    hint: "leave --settings out",
  });
}
