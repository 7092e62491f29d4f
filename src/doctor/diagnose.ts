/** Everything that decides how a depot works, in the order in which one would ask; rendered by the command line. */
import { type Depot, type EntrepotOptions, entrepot } from "../depot/index.ts";
import { openNodeDisk } from "../disk/index.ts";
import { addressFindings } from "./address.ts";
import { cacheFindings } from "./cache-folder.ts";
import {
  credentialFindings,
  type Environment,
  legacyFindings,
  networkFindings,
  refusedFindings,
} from "./environment.ts";
import { type Finding, finding, problem } from "./finding.ts";
import { accessFindings, settingFindings } from "./settings.ts";

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

/** Findings as they are made. Sends nothing unless an address is given; rejects only when aborted. */
export async function* diagnose(given: DiagnoseOptions): AsyncGenerator<Finding, void, undefined> {
  const { options, fromDotenv = [], refused = [], signal } = given;
  yield finding("entrepot", given.version);
  yield nodeFinding(process.versions.node);
  yield* settingFindings(options, fromDotenv);
  yield* await accessFindings(options, bucketOf(given.address), fromDotenv);
  yield* legacyFindings(options.env);
  yield* credentialFindings(options.env);
  yield* networkFindings(options.env);
  yield* refusedFindings(refused);
  let depot: Depot;
  try {
    depot = entrepot(options);
  } catch (error) {
    yield problem("settings", error);
    return;
  }
  try {
    yield* await cacheFindings(depot, openNodeDisk());
    if (given.address !== undefined) yield* addressFindings(depot, given.address, { signal });
  } finally {
    await depot.close();
  }
}

function bucketOf(address: string | undefined): string | undefined {
  return /^s3a?:\/\/([^/]+)/i.exec(address ?? "")?.[1];
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
