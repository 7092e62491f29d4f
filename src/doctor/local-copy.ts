/** What of an address lies in the cache: whether there is a copy, from when, and when the server last confirmed it. */
import type { Depot } from "../depot/index.ts";
import { type Finding, finding, problem } from "./finding.ts";

/** Looks at the disk only. */
export async function localCopyFindings(depot: Depot, uri: string, nowMs: number): Promise<Finding[]> {
  if (!depot.cache.enabled || uri.endsWith("/") || !/^(?:s3|https?):/.test(uri)) return [];
  try {
    for await (const copy of depot.cache.list(uri)) {
      if (copy.uri !== uri) continue;
      const age = (ms: number) => `${Math.max(0, Math.round((nowMs - ms) / 60_000))} min ago`;
      const value = `${copy.sizeBytes} bytes, fetched ${age(copy.fetchedMs)}, confirmed ${age(copy.checkedMs)}`;
      return [finding("copy", value)];
    }
    return [finding("copy", "none on this disk")];
  } catch (error) {
    return [problem("copy", error)];
  }
}
