/** Operands of the commands that read one object at a time: a folder or a bucket among them is told from a missing object. */
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
    const uri = depot.resolve(operand);
    if (isWholePlace(uri))
      throw new UsageError(`${operand} is no object`, `entrepot ls ${operand} shows what lies in it`);
    try {
      await work(operand);
    } catch (error) {
      if (!isEntrepotError(error, "not-found") || !(await isFolder(uri))) throw error;
      throw new EntrepotError("not-found", `${uri} is a folder, no object`, {
        uri,
        cause: error,
        hint: "entrepot ls shows what lies in it; cp -r copies it",
      });
    }
  });

  /** A place that does not let us look is no reason to hide the first error. */
  async function isFolder(uri: string): Promise<boolean> {
    if (/^https?:/.test(uri)) return false;
    try {
      return await depot.exists(uri.endsWith("/") ? uri : `${uri}/`);
    } catch {
      return false;
    }
  }
}
