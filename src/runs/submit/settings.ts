/** What submitters are told: names of queues, images' resources and secrets; never a secret itself. */
import { closest, EntrepotError } from "../../error/index.ts";

interface JobSettings {
  /** Variables of the job, beside those of the contract; no secrets. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Processors. Default 1. */
  readonly cpus?: number | undefined;
  /** Default 2,048. */
  readonly memoryMiB?: number | undefined;
}

export interface BatchSettings extends JobSettings {
  readonly queue: string;
  /** Name, `name:revision` or ARN of one that has the image and, among its secrets, `ENTREPOT_RUNS`. */
  readonly jobDefinition: string;
  /** Default: that of the depot's settings. */
  readonly region?: string | undefined;
  /** Default: AWS's own of the region. */
  readonly endpoint?: string | undefined;
}

export interface KubernetesSettings extends JobSettings {
  /** A secret of the name-space, whose key `ENTREPOT_RUNS` holds the URL of the database. */
  readonly secret: string;
  /** Default: `default`. */
  readonly namespace?: string | undefined;
  /** URL of the API. Default: that of the cluster that this process runs in. */
  readonly server?: string | undefined;
  /** Default: that of the service account of this process's pod. */
  readonly tokenFile?: string | undefined;
  /** Certificates in PEM form. Default: as `tokenFile`, where there is no `server`. */
  readonly caFile?: string | undefined;
  /** What the job runs as, such as for access to the bucket. Default: that of the name-space. */
  readonly serviceAccount?: string | undefined;
}

const names = ["environment", "cpus", "memoryMiB"] as const;
const batchNames = [...names, "queue", "jobDefinition", "region", "endpoint"] as const;
const kubernetesNames = [
  ...names,
  ...(["secret", "namespace", "server", "tokenFile", "caFile", "serviceAccount"] as const),
] as const;

/** Checks what was read from a file. Error: misconfigured. */
export function parseBatchSettings(value: unknown): BatchSettings {
  return checked(value, "batch", batchNames, ["queue", "jobDefinition"]) as unknown as BatchSettings;
}

/** Checks what was read from a file. Error: misconfigured. */
export function parseKubernetesSettings(value: unknown): KubernetesSettings {
  return checked(value, "kubernetes", kubernetesNames, ["secret"]) as unknown as KubernetesSettings;
}

function checked(
  value: unknown,
  what: string,
  known: readonly string[],
  needed: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(what, "they are no object", `such as { ${needed.map((name) => `"${name}": "…"`).join(", ")} }`);
  const given = value as Readonly<Record<string, unknown>>;
  for (const [name, each] of Object.entries(given)) {
    if (!known.includes(name)) {
      const near = closest(name, known);
      throw wrong(
        what,
        `there is no ${JSON.stringify(name)}`,
        near === undefined ? known.join(", ") : `did you mean ${near}?`,
      );
    }
    if (name === "environment") checkEnvironment(what, each);
    else if (name === "cpus" || name === "memoryMiB") {
      if (typeof each !== "number" || !(each > 0) || !Number.isFinite(each))
        throw wrong(what, `${name} is no number above 0`);
    } else if (typeof each !== "string" || each === "") throw wrong(what, `${name} is no text`);
    else if ((name === "server" || name === "endpoint") && !URL.canParse(each))
      throw wrong(what, `${name} is no address`, "such as https://host");
  }
  for (const name of needed)
    if (given[name] === undefined) throw wrong(what, `${name} is missing`, `they need ${needed.join(" and ")}`);
  return given;
}

function checkEnvironment(what: string, value: unknown): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(what, "environment is no object");
  for (const [name, each] of Object.entries(value)) {
    if (!/^[A-Za-z_]\w*$/.test(name) || typeof each !== "string")
      throw wrong(what, `${JSON.stringify(name)} of environment: names of letters, digits and _, and texts`);
    // it would stand in the job for everybody to read
    if (name === "ENTREPOT_RUNS" || /SECRET|PASSWORD|TOKEN/i.test(name))
      throw wrong(
        what,
        `${name} of environment is a secret`,
        "it comes from the secrets of the job's definition or name-space",
      );
  }
}

function wrong(what: string, why: string, hint?: string): EntrepotError {
  return new EntrepotError("misconfigured", `the settings for ${what}: ${why}`, { hint });
}
