/**
 * Conditions of writes at servers that are not AWS: one that heeds none is not asked, and one that knows ETags only without their
 * quotes (Ceph) is asked so, once it has denied what HEAD shows.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import type { WriteOptions } from "../object-store.ts";
import type { BucketContext } from "./bucket-context.ts";
import { statObject } from "./read.ts";
import { conditionOf } from "./write-condition.ts";

/** Error: unsupported, for a condition that the server is known to take no notice of. Nothing was sent. */
export function requireConditions({ findings }: BucketContext, options: WriteOptions, uri: string): void {
  if (findings.heedsConditions || conditionOf(options) === undefined) return;
  throw unheeded(uri, "this server writes whatever the condition says, so the write was not sent");
}

/** Google names the generation of what it wrote, and heeds no condition on the way. Error: unsupported, after the fact. */
export function checkHeeded({ findings }: BucketContext, headers: ResponseHeaders, uri: string): void {
  if (headers["x-goog-generation"] === undefined) return;
  findings.heedsConditions = false;
  throw unheeded(uri, "the server took no notice of the condition: what was there may have been replaced");
}

/** `write` with the ETag of `ifMatch` as HTTP has it, and without its quotes where the server hears only that. */
export async function inServersWords<T>(
  context: BucketContext,
  key: string,
  { ifMatch, signal, retry, timeouts }: WriteOptions,
  write: (bareEtag: boolean) => Promise<T>,
): Promise<T> {
  const { findings, sender } = context;
  try {
    return await write(findings.readsBareEtags);
  } catch (error) {
    if (ifMatch === undefined || sender.endpoint.aws || !isEntrepotError(error, "precondition-failed")) throw error;
    // Some servers answer 412 to `If-Match` where there is no object, AWS does not.
    const there = await statObject(context, key, { signal, retry, timeouts }).catch((missing: unknown) => {
      if (isEntrepotError(missing, "not-found")) throw missing;
      return undefined;
    });
    if (there?.etag !== ifMatch || findings.readsBareEtags) throw error;
    const written = await write(true);
    findings.readsBareEtags = true;
    return written;
  }
}

function unheeded(uri: string, what: string): EntrepotError {
  return new EntrepotError("unsupported", `${uri}: ${what}`, {
    uri,
    hint: "Leave the condition out if nobody else writes this object; Google Cloud Storage heeds conditions only by its own API.",
  });
}
