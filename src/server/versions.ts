/** Versions, as far as a server without versioning has them: each object is its only one, `null`. */
import { s3Error } from "./errors.ts";

/** Error: NotImplemented for any other. */
export function requireNullVersion(versionId: string | undefined): void {
  if (versionId === undefined || versionId === "null") return;
  throw s3Error("NotImplemented", {
    message: "This server does not keep versions",
    details: { VersionId: versionId },
  });
}
