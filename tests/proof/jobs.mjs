/** What workers can be told to do. Each gives what it tried and what was wrong; bytes stay in the worker. */
import { readFile } from "node:fs/promises";
import { flawOf, makeContent } from "./content.mjs";
import { Random } from "./random.mjs";

/** @typedef {import("./proof.ts").TestedCache} TestedCache */
/** @typedef {{ module: import("./proof.ts").CacheModule, dir: string, online(): TestedCache, offline(): TestedCache, say(note: unknown): void }} Given */
/** @typedef {import("./proof.ts").Finding} Finding */

/** Longer than anything here takes: whoever waits so long is stuck. */
const stuckMs = 30_000;

/** @template T @param {Promise<T>} work @returns {Promise<T>} */
async function inTime(work) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing after ${stuckMs / 1000} s`)), stuckMs);
  });
  try {
    return await /** @type {Promise<T>} */ (Promise.race([work, tooLong]));
  } finally {
    clearTimeout(timer);
  }
}

/** What is wrong with what a read brings. @param {string} key @param {() => Promise<Uint8Array>} read */
async function flawOfRead(key, read) {
  try {
    const flaw = flawOf(await inTime(read()), key);
    return flaw && `${key}: ${flaw}`;
  } catch (error) {
    return `${key}: ${error}`;
  }
}

/** As a read, but "I have no copy" is right as well. @param {Given} given @param {string} key @param {() => Promise<Uint8Array>} read */
async function flawOfOffline(given, key, read) {
  try {
    const flaw = flawOf(await inTime(read()), key);
    return flaw && `${key}, offline: ${flaw}`;
  } catch (error) {
    return given.module.isNotCached(error) ? undefined : `${key}, offline: ${error}`;
  }
}

/** @param {(string | undefined)[]} flaws @returns {Finding} */
function finding(flaws) {
  return { tried: flaws.length, wrong: flaws.filter((flaw) => flaw !== undefined) };
}

export const jobs = {
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

  /** Each copy must be there and right. @param {Given} given @param {{ keys: string[] }} args */
  async copies(given, { keys }) {
    const flaws = [];
    for (const key of keys)
      flaws.push(await flawOfRead(key, () => given.online().withCopy(key, (path) => readFile(path))));
    return finding(flaws);
  },

  /** @param {Given} given @param {{ key: string }} args */
  files(given, { key }) {
    return given.online().filesOf(key);
  },

  /** @param {Given} given @param {{ maxBytes: number }} args */
  async prune(given, { maxBytes }) {
    await given.online().prune(maxBytes);
  },

  /** @param {Given} given @param {{ key: string, version: number, sizeBytes: number }} args */
  async write(given, { key, version, sizeBytes }) {
    await given.online().write(key, makeContent(key, version, sizeBytes));
  },

  /**
   * Whatever users do, in any order, until it is killed or `rounds` are over; what is wrong is told at once.
   *
   * @param {Given} given @param {{ seed: number, keys: string[], rounds: number, mostBytes: number, maxBytes: number }} args
   */
  async roam(given, { seed, keys, rounds, mostBytes, maxBytes }) {
    const random = new Random(seed);
    const online = given.online();
    /** @type {((key: string) => Promise<string | undefined>)[]} */
    const ways = [
      (key) => flawOfRead(key, () => online.read(key)),
      (key) => flawOfRead(key, () => online.read(key)),
      (key) => flawOfRead(key, () => online.read(key)),
      (key) => flawOfRead(key, () => online.withCopy(key, (path) => readFile(path))),
      (key) => flawOfOffline(given, key, () => given.offline().read(key)),
      (key) => failure(() => online.write(key, makeContent(key, random.below(2 ** 31), random.size(32, mostBytes)))),
      (key) => failure(() => online.write(key, makeContent(key, random.below(2 ** 31), random.size(32, mostBytes)))),
      () => failure(() => (random.below(4) === 0 ? online.prune(maxBytes) : Promise.resolve())),
    ];
    for (let round = 0; round < rounds; round += 1) {
      const flaw = await random.of(ways)(random.of(keys));
      given.say({ tried: 1, wrong: flaw === undefined ? [] : [flaw] });
    }
  },
};

/** @param {() => Promise<unknown>} work */
async function failure(work) {
  try {
    await inTime(work());
    return undefined;
  } catch (error) {
    return String(error);
  }
}
