/** Headers of a deletion that buckets of other kinds have: S3 refuses them here, and never leaves a condition unheeded. */
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";

/** Errors: NotImplemented for the conditions of directory buckets, InvalidArgument for locks that no bucket here has. */
export function refuseForeignDelete(request: IncomingRequest): void {
  for (const name of ["x-amz-if-match-last-modified-time", "x-amz-if-match-size"]) {
    if (request.header(name) !== undefined) throw s3Error("NotImplemented", { details: { Header: name } });
  }
  const bypass = "x-amz-bypass-governance-retention";
  if (request.header(bypass) === undefined) return;
  throw s3Error("InvalidArgument", {
    message: `${bypass} is only applicable to Object Lock enabled buckets.`,
    details: { ArgumentName: bypass },
  });
}
