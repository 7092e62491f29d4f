/** What a service has shown that it does and does not do, so that it is asked once. Holds for as long as the service is open. */
import { Findings } from "../remote/findings.ts";
import type { HostTraits } from "./known-hosts.ts";

export class S3Findings extends Findings {
  /** Whether many keys can be deleted by one request. Assumed until that is refused. */
  deletesMany = true;
  /** Whether the ETags are heeded that such a request may name; `undefined` until that was tried. AWS is known to, and not asked. */
  heedsEtagsOfMany: boolean | undefined;
  /** Settles when that is being found out no longer. */
  askingOfEtags: Promise<void> | undefined;
  /** Whether an upload in parts can be begun with a checksum. Assumed until that is refused. */
  takesPartChecksums = true;
  /** Whether a part is copied of the named version only; `undefined` until that was tried. AWS is known to, and not asked. */
  pinsCopiedParts: boolean | undefined;
  /** Whether `If-Match` of a write is understood only without the quotes of the ETag. */
  readsBareEtags = false;
  /** Whether conditions of writes are heeded. Assumed, unless the host is known or one was not. */
  heedsConditions: boolean;

  constructor({ heedsConditions }: Pick<HostTraits, "heedsConditions">) {
    super();
    this.heedsConditions = heedsConditions;
  }
}
