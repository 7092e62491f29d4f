/**
 * Where attempts write, and what becomes of it. Each has a folder of its own below that of the policy; which of them counts is said by the
 * database, in the same transaction that ends the task, and then, for whoever has the bucket alone, by `outputs.json` beside the folders.
 */
import { type Depot, unwatched } from "../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { joinUri } from "../../uri/index.ts";
import { isLink } from "../contract/index.ts";
import { type OutputRecord, outputFolder, type RunRecord } from "../store/index.ts";

const format = "entrepot run outputs";
export const pointerName = "outputs.json";
const attemptsFolder = "attempts/";

type AttemptOutput = Omit<OutputRecord, "policyId">;

/** Of a policy; ends in `/`. */
export function policyUri(data: Depot, run: RunRecord, policyId: string): string {
  return data.resolve(outputFolder(run, policyId), { for: "write" });
}

/** Of one attempt; ends in `/`. */
export function attemptUri(data: Depot, run: RunRecord, policyId: string, folder: string): string {
  return `${joinUri(policyUri(data, run, policyId), `${attemptsFolder}${folder}`)}/`;
}

/** The name of the folder of an attempt whose output lies at `uri`; `undefined` where it lies elsewhere. */
export function attemptFolder(policy: string, number: number, uri: string): string | undefined {
  const above = joinUri(policy, attemptsFolder);
  if (!uri.startsWith(above)) return undefined;
  const [name = ""] = uri.slice(above.length).split("/");
  return name === String(number) || new RegExp(`^${number}-[0-9a-f]{8}$`).test(name) ? name : undefined;
}

export interface Listing {
  /** Of more than that one more is given, and no further ones. */
  readonly most: number;
  /** Rejects with its reason. */
  readonly signal: AbortSignal;
  /** Told of links, which are not followed: what they lead to may be nobody's business. */
  readonly onLink: (path: string) => void;
}

/** What lies in the folder of an attempt. Error: unrepresentable-name for what a database cannot name. */
export async function listOutputs(data: Depot, folder: string, listing: Listing): Promise<readonly AttemptOutput[]> {
  const outputs: AttemptOutput[] = [];
  const entries = folder.startsWith("file:")
    ? filesBelow(data, folder, "", listing)
    : data.list(folder, { signal: listing.signal });
  for await (const entry of entries) {
    const { path, uri, sizeBytes, etag } = entry;
    // some tools make an empty object for the folder itself
    if ((path === "" || path.endsWith("/")) && sizeBytes === 0) continue;
    if (path === "" || !(await isTold(data, entry))) throw unnamable(path, uri);
    outputs.push({ path, uri, sizeBytes, etag });
    if (outputs.length > listing.most) break;
  }
  return outputs;
}

/** A server that cannot write a character in its list writes another, and the name is that of no object. */
async function isTold(data: Depot, { path, uri }: { readonly path: string; readonly uri: string }): Promise<boolean> {
  if (path.includes("\0")) return false;
  return !path.includes("\ufffd") || (await unwatched(() => data.exists(uri)));
}

function unnamable(path: string, uri: string): EntrepotError {
  return new EntrepotError("unrepresentable-name", `no output can be called ${JSON.stringify(path)}`, {
    uri,
    hint: "write it under another name: text without NUL, below the folder of the outputs",
  });
}

async function* filesBelow(
  data: Depot,
  folder: string,
  above: string,
  listing: Listing,
): AsyncGenerator<AttemptOutput> {
  if (await isLink(folder)) return listing.onLink(above);
  for await (const entry of data.list(folder, { kind: "any", depth: 1, signal: listing.signal })) {
    const path = above + entry.path;
    if (entry.kind === "folder") yield* filesBelow(data, entry.uri, path, listing);
    else if (await isLink(entry.uri)) listing.onLink(path);
    else yield { ...entry, path };
  }
}

export interface OutputsPointer {
  readonly runId: string;
  readonly policyId: string;
  readonly attempt: number;
  /** Its name among those of the policy. */
  readonly folder: string;
  readonly outputs: readonly AttemptOutput[];
}

/** Says in the bucket which attempt counts. One that is older than what is said there changes nothing. */
export async function publishPointer(data: Depot, folder: string, pointer: OutputsPointer): Promise<void> {
  const { runId, policyId, attempt, folder: name, outputs } = pointer;
  const files = outputs.map(({ path, sizeBytes, etag }) => ({ path, sizeBytes, etag }));
  const value = {
    format,
    version: 1,
    runId,
    policyId,
    attempt,
    folder: `${attemptsFolder}${name}/`,
    outputs: files,
  };
  const uri = joinUri(folder, pointerName);
  await unwatched(async () => {
    for (;;) {
      const now = await readPointer(data, uri, pointer);
      if (now !== undefined && now.attempt >= attempt) return;
      const condition = now === undefined ? { ifNoneMatch: "*" as const } : { ifMatch: now.etag };
      try {
        await data.writeJson(uri, value, { indent: 2, ...condition });
        return;
      } catch (error) {
        // somebody else was first, perhaps a newer one
        if (!isEntrepotError(error, "already-exists", "precondition-failed")) throw error;
      }
    }
  });
}

async function readPointer(
  data: Depot,
  uri: string,
  { runId, policyId }: OutputsPointer,
): Promise<{ readonly attempt: number; readonly etag: string } | undefined> {
  const stat = await data.stat(uri, { onError: "allow-missing" });
  if (stat === undefined) return undefined;
  const damaged = (cause?: unknown): EntrepotError =>
    new EntrepotError(
      "malformed",
      `${uri} is not the list of outputs of policy ${JSON.stringify(policyId)} of run ${runId}`,
      { uri, cause, hint: "something else was written there; move it away" },
    );
  const value = (await data.readJson(uri, { cache: "bypass" }).catch((error: unknown) => {
    throw isEntrepotError(error, "malformed") ? damaged(error) : error;
  })) as { readonly format?: unknown; readonly attempt?: unknown } | null;
  if (value?.format !== format || typeof value.attempt !== "number") throw damaged();
  return { attempt: value.attempt, etag: stat.etag };
}
