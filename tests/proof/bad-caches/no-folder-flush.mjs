/** Flushes the file and not its name, which most believe to be enough. */
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class NoFolderFlush extends SimpleCache {
  /** @override */
  async flushFolders() {}
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(NoFolderFlush);
