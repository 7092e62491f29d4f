/** Jobs that move many objects, or a large one, and may be killed and told again. */
import { failure } from "./judge.mjs";

/** @typedef {import("./judge.mjs").Given} Given */

export const moving = {
  /** @param {Given} given @param {{ way: "up" | "down", folder: string, prefix: string, keys: string[] }} args */
  async move(given, { way, folder, prefix, keys }) {
    const cache = given.online();
    const work = () => (way === "up" ? cache.upload?.(folder, prefix) : cache.download?.(prefix, folder, keys));
    const wrong = await failure(async () => work());
    return { tried: 0, wrong: wrong === undefined ? [] : [wrong] };
  },
};
