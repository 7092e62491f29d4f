/** The submitter of a name, with settings as a file holds them. */
import type { Depot, EntrepotOptions } from "../../depot/index.ts";
import { EntrepotError, mistakeIn, shownValue } from "../../error/index.ts";
import type { RunStore } from "../store/index.ts";
import { batchSubmitter } from "./batch.ts";
import { kubernetesSubmitter } from "./kubernetes.ts";
import { parseBatchSettings, parseKubernetesSettings } from "./settings.ts";
import type { Submitter, SubmitterName } from "./submitter.ts";

export interface SubmitterSettings {
  /** Where outputs and snapshots go. */
  readonly data: Depot;
  /** The options of `data`: how services are reached, and as whom. */
  readonly options?: EntrepotOptions | undefined;
  /** Those of the service, checked here. */
  readonly service: unknown;
}

export const submitterNames: readonly SubmitterName[] = ["batch", "kubernetes"];

const settingNames: ReadonlySet<string> = new Set<keyof SubmitterSettings>(["data", "options", "service"]);

/** RangeError for another name. Asks nobody yet. Error: misconfigured. */
export function submitterOf(name: SubmitterName, settings: SubmitterSettings): Submitter {
  if (!submitterNames.includes(name))
    throw new RangeError(`The name of a submitter is one of ${submitterNames.join(", ")}, not ${shownValue(name)}`);
  const mistake = mistakeIn("submitterOf()", settings, settingNames);
  if (mistake !== undefined) throw mistake;
  const { data, options = {}, service } = settings;
  if (name === "batch") return batchSubmitter(data, options, parseBatchSettings(service));
  return kubernetesSubmitter(data, options, parseKubernetesSettings(service), options.env ?? process.env);
}

/** Error: misconfigured for a database that is a folder of this machine, which no job elsewhere reaches. */
export function checkSharedDatabase({ database }: Pick<RunStore, "database">): void {
  if (database.kind === "server") return;
  throw new EntrepotError(
    "misconfigured",
    `the database ${database.address} is a folder, which no other machine reaches`,
    {
      hint: "keep runs on a PostgreSQL server: ENTREPOT_RUNS=postgresql://…",
    },
  );
}
