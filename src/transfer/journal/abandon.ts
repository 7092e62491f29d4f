/** What interrupted copies left at their targets, taken away: parts on servers, files on disks. */
import type { ObjectPlace } from "../copy-object.ts";
import type { LargeState } from "./large-state.ts";

/** Gone already is success. Errors of the store. */
export async function abandonLarge({ upload, file }: LargeState, { origin, store, key }: ObjectPlace): Promise<void> {
  for (const begun of [upload, file]) if (begun !== undefined) await (origin ?? store).abandonWrite?.(key, begun);
}
