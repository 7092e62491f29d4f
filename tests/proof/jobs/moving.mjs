/** Jobs that move many objects, or a large one, and may be killed and told again. */
import { failure } from "./judge.mjs";

/** @typedef {import("./judge.mjs").Given} Given */

export const moving = {
  /** @param {Given} given @param {{ way: "up" | "down", folder: string, prefix: string, keys: string[] }} args */
  async move(given, { way, folder, prefix, keys }) {
    const cache = given.online();
    try {
      if (way === "up") await cache.upload?.(folder, prefix);
      else await cache.download?.(prefix, folder, keys);
      return { tried: 0, wrong: [] };
    } catch (error) {
      return { tried: 0, wrong: [failure(error)] };
    }
  },
};
