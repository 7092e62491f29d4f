/**
 * A publisher's claim on the name of a generation, by which it is found again when nothing else was staged, and the proof that the
 * server swaps honestly: many take no notice of conditions, and would publish two generations as one.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { DatasetDesk } from "./desk.ts";

/** No object has it. */
const otherEtag = '"00000000000000000000000000000000"';

/** Errors: unsupported, where conditions are not honoured; those of the write. */
export async function claim(
  { data, layout, swaps, now }: DatasetDesk,
  generation: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const uri = layout.claimOf(generation);
  const text = JSON.stringify({ generation, startedMs: now() });
  const { etag } = await data.writeText(uri, text, { ifNoneMatch: "*", signal });
  if (swaps.proven) return;
  await refused(uri, "already-exists", () => data.writeText(uri, text, { ifNoneMatch: "*", signal }));
  await refused(uri, "precondition-failed", () => data.writeText(uri, text, { ifMatch: otherEtag, signal }));
  try {
    await data.writeText(uri, text, { ifMatch: etag, signal });
  } catch (error) {
    throw isEntrepotError(error, "precondition-failed") ? noSwap(uri, error) : error;
  }
  swaps.proven = true;
}

async function refused(
  uri: string,
  code: "already-exists" | "precondition-failed",
  write: () => Promise<unknown>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (isEntrepotError(error, code)) return;
    throw error;
  }
  throw noSwap(uri, undefined);
}

function noSwap(uri: string, cause: unknown): EntrepotError {
  return new EntrepotError("unsupported", `the server of ${uri} does not honour conditions of writes`, {
    uri,
    cause,
    hint: "a dataset is published by compare-and-swap, which AWS, MinIO and R2 have; keep it there, or on this disk. Nothing was published.",
  });
}
