/**
 * The mark of a conditional write or an upload in parts, by which it is known again when its answer was lost. Kept as metadata of
 * the object, not shown in `info.metadata`. Some servers drop it: then nothing is proven.
 */
import { randomUUID } from "node:crypto";
import { isEntrepotError } from "../../error/index.ts";
import { ownMetadataName } from "../metadata.ts";
import type { ObjectInfo, RequestOptions } from "../object-store.ts";
import type { BucketContext } from "./bucket-context.ts";
import { headObject } from "./read.ts";

/** Sent with conditional writes, and with what begins an upload in parts. */
export const markHeader: string = `x-amz-meta-${ownMetadataName}`;

/** A mark that no other write bears. */
export function newMark(): string {
  return randomUUID();
}

/** The object that is there now, if it bears this mark; `undefined` when it does not, or cannot be looked at. */
export async function findOwnWrite(
  context: BucketContext,
  key: string,
  mark: string,
  { signal, retry, timeouts }: RequestOptions,
): Promise<ObjectInfo | undefined> {
  try {
    const { info, headers } = await headObject(context, key, { signal, retry, timeouts });
    return headers[markHeader] === mark ? info : undefined;
  } catch (error) {
    if (signal?.aborted === true || !isEntrepotError(error)) throw error;
    return undefined;
  }
}
