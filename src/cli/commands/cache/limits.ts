/** Which limits a cache is kept in, and who set each. */
import { describeSettings, type EntrepotOptions } from "../../../depot/index.ts";

export interface LimitInForce {
  /** E.g. `"maxBytes"`. */
  readonly name: string;
  readonly value: string;
  /** E.g. `"environment ENTREPOT_CACHE_MAX_BYTES"`. */
  readonly source: string;
}

/** All that the cache's settings say but where it lies and whether it is on. */
export async function limitsInForce(options: EntrepotOptions): Promise<readonly LimitInForce[]> {
  return describeSettings(options)
    .filter(({ name }) => name.startsWith("cache.") && name !== "cache.dir" && name !== "cache.mode")
    .map(({ name, value, source }) => ({ name: name.slice("cache.".length), value, source }));
}
