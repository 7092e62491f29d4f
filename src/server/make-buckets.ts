/** The buckets that a server has from its start. */
import type { Storage } from "./storage/storage.ts";

/** By name alone it is in the server's own region. */
export type BucketSetting = string | { readonly name: string; readonly region: string };

/** Those that are there already are left as they are. */
export async function makeBuckets(
  storage: Storage,
  settings: readonly BucketSetting[],
  made: { readonly region: string; readonly createdMs: number },
): Promise<void> {
  for (const setting of settings) {
    const bucket = typeof setting === "string" ? { name: setting } : setting;
    if (storage.findBucket(bucket.name) === undefined) await storage.createBucket({ ...made, ...bucket });
  }
}
