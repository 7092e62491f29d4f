/** Operands of the commands that read one object at a time: a folder or a bucket among them is told from a missing object. */
import type { Depot } from "../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { type Call, forEachOperand } from "./command.ts";
import { UsageError } from "./usage-error.ts";
import { isWholePlace } from "./whole-place.ts";

/** As `forEachOperand`, for addresses of objects; asks once more where one is missing, so that the error names the cause. */
export async function forEachObject(
  call: Call,
  operands: readonly string[],
  work: (operand: string) => Promise<void>,
): Promise<void> {
  const depot = await call.depot();
  await forEachOperand(call, operands, async (operand) => {
    assertNoWholePlace(operand, depot.resolve(operand));
    try {
      await work(operand);
    } catch (error) {
      throw await explainFolder(depot, error, depot.resolve(operand));
    }
  });
}

/** UsageError for a bucket. */
export function assertNoWholePlace(operand: string, uri: string): void {
  if (isWholePlace(uri))
    throw new UsageError(`${operand} is no object`, `entrepot ls ${operand} shows what lies in it`);
}

/** Another error for what is missing because it is a folder; every other error as it is. */
export async function explainFolder(depot: Depot, error: unknown, uri: string | undefined): Promise<unknown> {
  if (uri === undefined || !isEntrepotError(error, "not-found") || !(await isFolder(depot, uri))) return error;
  return new EntrepotError("not-found", `${uri} is a folder, no object`, {
    uri,
    cause: error,
    hint: "entrepot ls shows what lies in it; cp -r copies it",
  });
}

/** A place that does not let us look is no reason to hide the first error. */
async function isFolder(depot: Depot, uri: string): Promise<boolean> {
  if (/^https?:/.test(uri)) return false;
  try {
    return await depot.exists(uri.endsWith("/") ? uri : `${uri}/`);
  } catch {
    return false;
  }
}
