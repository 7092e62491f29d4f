/** What a service has shown that it does and does not do, so that it is asked once. Holds for as long as the service is open. */
import { Findings } from "../remote/findings.ts";

export class S3Findings extends Findings {
  /** Whether many keys can be deleted by one request. Assumed until that is refused. */
  deletesMany = true;
  /** Whether an upload in parts can be begun with a checksum. Assumed until that is refused. */
  takesPartChecksums = true;
  /** Whether a part is copied of the named version only; `undefined` until that was tried. AWS is known to, and not asked. */
  pinsCopiedParts: boolean | undefined;
}
