/** Jobs that read and write, each judged by itself. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { localText, makeContent } from "../content.mjs";
import { Random } from "../random.mjs";
import { finding, flawOfOffline, flawOfRead } from "./judge.mjs";

/** @typedef {import("./judge.mjs").Given} Given */

export const reading = {
  /** Each of them must be there and right. @param {Given} given @param {{ keys: string[] }} args */
  async reads(given, { keys }) {
    const flaws = [];
    for (const key of keys) flaws.push(await flawOfRead(key, () => given.online().read(key)));
    return finding(flaws);
  },

  /** Each of them must be right or not there. @param {Given} given @param {{ keys: string[] }} args */
  async offlineReads(given, { keys }) {
    const flaws = [];
    for (const key of keys) flaws.push(await flawOfOffline(given, key, () => given.offline().read(key)));
    return finding(flaws);
  },

  /** Each of them must be there and right, without asking anybody. @param {Given} given @param {{ keys: string[] }} args */
  async offlineMust(given, { keys }) {
    const flaws = [];
    for (const key of keys) flaws.push(await flawOfRead(key, () => given.offline().read(key)));
    return finding(flaws);
  },

  /** Each copy must be right or not there. @param {Given} given @param {{ keys: string[] }} args */
  async offlineCopies(given, { keys }) {
    const flaws = [];
    for (const key of keys)
      flaws.push(await flawOfOffline(given, key, () => given.offline().withCopy(key, (path) => readFile(path))));
    return finding(flaws);
  },

  /** Each copy must be there and right. @param {Given} given @param {{ keys: string[] }} args */
  async copies(given, { keys }) {
    const flaws = [];
    for (const key of keys)
      flaws.push(await flawOfRead(key, () => given.online().withCopy(key, (path) => readFile(path))));
    return finding(flaws);
  },

  /** Some of them, in any order; each is told at once. @param {Given} given @param {{ keys: string[], seed: number, count: number, mayVanish?: boolean }} args */
  async readSome(given, { keys, seed, count, mayVanish = false }) {
    const random = new Random(seed);
    for (let done = 0; done < count; done += 1) {
      const key = random.of(keys);
      const way = random.below(8);
      const cache = given.online();
      const flaw = await flawOfRead(key, () =>
        way === 0 ? cache.withCopy(key, (path) => readFile(path)) : cache.read(key),
      );
      const isGone = mayVanish && way === 0 && flaw?.includes("ENOENT") === true;
      given.say({ tried: 1, wrong: flaw === undefined || isGone ? [] : [flaw] });
    }
  },

  /** @param {Given} given @param {{ maxBytes: number }} args */
  async prune(given, { maxBytes }) {
    await given.online().prune(maxBytes);
  },

  /** @param {Given} given @param {{ key: string, version: number, sizeBytes: number }} args */
  async write(given, { key, version, sizeBytes }) {
    await given.online().write(key, makeContent(key, version, sizeBytes));
  },

  /** @param {Given} given @param {{ key: string }} args */
  files(given, { key }) {
    return given.online().filesOf(key);
  },

  /** On which thread files are worked on; see pool-thread.cjs. */
  async poolThread() {
    return process.env["PROOF_POOL_THREAD"];
  },

  /** @param {Given} given @param {{ path: string, text: string }} args */
  async writeLocal(given, { path, text }) {
    await given.online().writeLocal(path, text);
  },

  /** One file of the user's own after the other, each told when it is acknowledged. @param {Given} given @param {{ folder: string }} args */
  async writeMany(given, { folder }) {
    for (let number = 0; ; number += 1) {
      const path = join(folder, `file ${number}`);
      await given.online().writeLocal(path, localText(path));
      given.say(path);
    }
  },

  /** @param {Given} given @param {{ prefix: string }} args */
  async pin(given, { prefix }) {
    await given.online().pin?.(prefix);
  },
};
