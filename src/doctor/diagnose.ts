/** Everything that decides how a depot works, in the order in which one would ask; rendered by the command line. */
import { type Depot, type DepotEvent, type EntrepotOptions, openDepot } from "../depot/index.ts";
import { openNodeDisk } from "../disk/index.ts";
import { addressFindings } from "./address.ts";
import { cacheFindings } from "./cache-folder.ts";
import {
  credentialFindings,
  type Environment,
  legacyFindings,
  networkFindings,
  refusedFindings,
  unknownFindings,
} from "./environment.ts";
import { type Finding, finding, problem } from "./finding.ts";
import { identityFinding } from "./identity.ts";
import { localCopyFindings } from "./local-copy.ts";
import { privateFileFindings } from "./private-files.ts";
import { providerFindings } from "./providers.ts";
import { serverFindings } from "./server.ts";
import { accessFindings, settingFindings } from "./settings.ts";
import { openWitness, type Seen } from "./witness.ts";

export interface DiagnoseOptions {
  /** What the depot in question is made with. */
  readonly options: EntrepotOptions & { readonly env: Environment };
  /** Names that the `.env` of the working folder decided, and those that it may not. */
  readonly fromDotenv?: readonly string[] | undefined;
  readonly refused?: readonly string[] | undefined;
  /** An address to be tried. */
  readonly address?: string | undefined;
  readonly version: string;
  readonly signal?: AbortSignal | undefined;
}

/** Who waits for a diagnosis does not wait for a server to recover. */
const fewTries = { attempts: 3, budget: "5s" } as const;

/** Findings as they are made. Sends nothing unless an address is given; rejects only when aborted. */
export async function* diagnose(given: DiagnoseOptions): AsyncGenerator<Finding, void, undefined> {
  const { fromDotenv = [], refused = [], address, signal } = given;
  const options = { ...given.options, retries: given.options.retries ?? fewTries };
  const disk = openNodeDisk();
  const witness = openWitness();
  const origins = new Set<string>();
  const onEvent = (event: DepotEvent) => {
    if (event.type === "request") origins.add(event.origin);
    given.options.onEvent?.(event);
  };
  yield finding("entrepot", given.version);
  yield nodeFinding(process.versions.node);
  let depot: Depot | undefined;
  let failure: unknown;
  try {
    depot = openDepot({ ...options, onEvent }, { watch: witness.watch, workload: "few" });
  } catch (error) {
    failure = error;
  }
  const bucket = bucketOf(depot, address);
  try {
    const settings = settingFindings(options, fromDotenv);
    yield* settings;
    if (failure !== undefined && settings.every(({ status }) => status !== "problem"))
      yield problem("settings", failure);
    const access = await accessFindings(options, bucket, fromDotenv);
    yield* access;
    yield* await providerFindings(options, bucket);
    yield* legacyFindings(options.env);
    yield* unknownFindings(options.env);
    yield* credentialFindings(options.env);
    yield* networkFindings(options.env);
    yield* refusedFindings(refused);
    yield* await privateFileFindings(options.env, disk);
    if (depot === undefined) return;
    yield* await cacheFindings(depot, disk, fileModeOf(settings));
    if (address === undefined) return;
    const opened = depot;
    const { expectedBucketOwner, requesterPays } = options;
    const before = async (uri: string) => [
      ...(await localCopyFindings(opened, uri, Date.now())),
      ...(uri.startsWith("s3:") ? [await identityFinding(options, bucket, Date.now())] : []),
    ];
    yield* addressFindings(depot, address, { signal, before, expectedBucketOwner, requesterPays });
    const region = access.find(({ name }) => name === "s3.region")?.value ?? "";
    yield* serverFindings(
      witness.seen.filter(({ origin }: Seen) => origins.has(origin)),
      region,
    );
  } finally {
    await depot?.close();
  }
}

function bucketOf(depot: Depot | undefined, address: string | undefined): string | undefined {
  if (depot === undefined || address === undefined) return undefined;
  try {
    return /^s3:\/\/(arn:[^/]+\/[^/]+|[^/]+)/i.exec(depot.resolve(address))?.[1];
  } catch {
    return undefined;
  }
}

function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return finding("node", version);
  return finding("node", version, {
    status: "problem",
    hint: "entrepot needs Node 20.19 or later",
    code: "unsupported",
  });
}

/** As the setting says it, e.g. `0o660`. */
function fileModeOf(settings: readonly Finding[]): number | undefined {
  const mode = Number(settings.find(({ name }) => name === "cache.mode")?.value);
  return Number.isInteger(mode) ? mode : undefined;
}
