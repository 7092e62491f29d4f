/** Every process for itself: what two want at the same time is fetched twice. Its bytes are right. */
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(SimpleCache);
