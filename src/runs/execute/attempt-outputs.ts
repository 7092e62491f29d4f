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
export function attemptUri(data: Depot, run: RunRecord, policyId: string, number: number): string {
  return `${joinUri(policyUri(data, run, policyId), `${attemptsFolder}${number}`)}/`;
}

export interface Listing {
  /** Of more than that one more is given, and no further ones. */
  readonly most: number;
  /** Rejects with its reason. */
  readonly signal: AbortSignal;
  /** Told of links, which are not followed: what they lead to may be nobody's business. */
  readonly onLink: (path: string) => void;
}

/** What lies in the folder of an attempt. */
export async function listOutputs(data: Depot, folder: string, listing: Listing): Promise<readonly AttemptOutput[]> {
  const outputs: AttemptOutput[] = [];
  const entries = folder.startsWith("file:")
    ? filesBelow(data, folder, "", listing)
    : data.list(folder, { signal: listing.signal });
  for await (const { path, uri, sizeBytes, etag } of entries) {
    // some tools make an object for the folder itself
    if (path === "" || path.endsWith("/")) continue;
    outputs.push({ path, uri, sizeBytes, etag });
    if (outputs.length > listing.most) break;
  }
  return outputs;
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
  readonly outputs: readonly AttemptOutput[];
}

/** Says in the bucket which attempt counts. One that is older than what is said there changes nothing. */
export async function publishPointer(data: Depot, folder: string, pointer: OutputsPointer): Promise<void> {
  const { runId, policyId, attempt, outputs } = pointer;
  const files = outputs.map(({ path, sizeBytes, etag }) => ({ path, sizeBytes, etag }));
  const value = {
    format,
    version: 1,
    runId,
    policyId,
    attempt,
    folder: `${attemptsFolder}${attempt}/`,
    outputs: files,
  };
  const uri = joinUri(folder, pointerName);
  await unwatched(async () => {
    for (;;) {
      const now = await readPointer(data, uri);
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
): Promise<{ readonly attempt: number; readonly etag: string } | undefined> {
  const stat = await data.stat(uri, { onError: "allow-missing" });
  if (stat === undefined) return undefined;
  const value = (await data.readJson(uri, { cache: "bypass" })) as { format?: unknown; attempt?: unknown };
  if (value.format !== format || typeof value.attempt !== "number")
    throw new EntrepotError("malformed", "this is not the list of outputs of a policy", {
      uri,
      hint: "something else was written there; move it away",
    });
  return { attempt: value.attempt, etag: stat.etag };
}
