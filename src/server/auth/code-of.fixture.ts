/** Whether something is refused, for tables of tests. */
import { S3Error } from "../errors.ts";

/** `accepted`, or the code of the refusal. */
export function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof S3Error) return error.code;
    throw error;
  }
  return "accepted";
}
