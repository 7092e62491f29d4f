/** Jobs with keys that mean harm. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { flawOf, makeContent } from "../content.mjs";
import { failure } from "./judge.mjs";

/** @typedef {import("./judge.mjs").Given} Given */

export const keys = {
  /** Which of them could be stored; the others must be refused for what they are. @param {Given} given @param {{ keys: string[] }} args */
  async writeHostile(given, { keys }) {
    const [kept, wrong] = [/** @type {string[]} */ ([]), /** @type {string[]} */ ([])];
    for (const [index, key] of keys.entries()) {
      try {
        await given.online().write(key, makeContent(key, index, 64));
        kept.push(key);
      } catch (error) {
        if (!given.module.isKeyRefusal?.(error)) wrong.push(`${JSON.stringify(key)}: ${error}`);
      }
    }
    return { kept, wrong };
  },

  /**
   * Objects to files and back to objects.
   *
   * @param {Given} given @param {{ from: string, to: string, cage: string, keys: string[] }} args `cage`: an empty folder; only `cage/files` may be used
   */
  async downAndUp(given, { from, to, cage, keys }) {
    const cache = given.online();
    const files = join(cage, "files");
    /** @type {string[]} */
    const wrong = [];
    /** @type {readonly string[]} */
    let refused = [];
    try {
      refused = (await cache.download?.(from, files, keys)) ?? [];
    } catch (error) {
      wrong.push(`the copy ended with ${error}`);
    }
    const outside = (await readdir(cage)).filter((name) => name !== "files");
    if (outside.length > 0) wrong.push(`beside the folder lies ${JSON.stringify(outside)}`);
    await cache.upload?.(files, to);
    for (const key of keys.filter((one) => !refused.includes(one))) {
      const back = `${to}${key.slice(from.length)}`;
      const flaw = await failure(async () => {
        const flawed = flawOf(await cache.read(back), key);
        if (flawed) throw new Error(flawed);
      });
      if (flaw) wrong.push(`${JSON.stringify(key)} came back as another: ${flaw}`);
    }
    return { wrong, refused: refused.length };
  },
};
