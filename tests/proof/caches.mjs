/** The caches by name: `ours`, and those of bad-caches/. */

/** @param {string} name @returns {Promise<import("./proof.ts").CacheModule>} */
export async function cacheModule(name) {
  return name === "ours" ? import("./our-cache.mjs") : import(`./bad-caches/${name}.mjs`);
}
