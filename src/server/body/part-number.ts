/** Numbers of parts, 1 to 10,000. */
import { s3Error } from "../errors.ts";

export const maxPartNumber = 10_000;

/** Error: InvalidArgument. */
export function parsePartNumber(text: string | undefined): number {
  const number = /^\d{1,9}$/.test(text ?? "") ? Number(text) : 0;
  if (number >= 1 && number <= maxPartNumber) return number;
  throw s3Error("InvalidArgument", {
    message: "Part number must be an integer between 1 and 10000, inclusive",
    details: { ArgumentName: "partNumber", ArgumentValue: text ?? "" },
  });
}
