/** The control: nothing is done badly, but that every process fetches for itself. */
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(SimpleCache);
