/** What workers can be told to do. Each gives what it tried and what was wrong; bytes stay in the worker. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { flawOf, localText, makeContent } from "./content.mjs";
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

  /** Each copy must be right or not there. @param {Given} given @param {{ keys: string[] }} args */
  async offlineCopies(given, { keys }) {
    const flaws = [];
    for (const key of keys)
      flaws.push(await flawOfOffline(given, key, () => given.offline().withCopy(key, (path) => readFile(path))));
    return finding(flaws);
  },

  /** Each of them must be there and right, without asking anybody. @param {Given} given @param {{ keys: string[] }} args */
  async offlineMust(given, { keys }) {
    const flaws = [];
    for (const key of keys) flaws.push(await flawOfRead(key, () => given.offline().read(key)));
    return finding(flaws);
  },

  /** Each copy must be there and right. @param {Given} given @param {{ keys: string[] }} args */
  async copies(given, { keys }) {
    const flaws = [];
    for (const key of keys)
      flaws.push(await flawOfRead(key, () => given.online().withCopy(key, (path) => readFile(path))));
    return finding(flaws);
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

  /** @param {Given} given @param {{ key: string }} args */
  files(given, { key }) {
    return given.online().filesOf(key);
  },

  /** Some of them, in any order; each is told at once. @param {Given} given @param {{ keys: string[], seed: number, count: number }} args */
  async readSome(given, { keys, seed, count }) {
    const random = new Random(seed);
    for (let done = 0; done < count; done += 1) {
      const key = random.of(keys);
      const way = random.below(8);
      const cache = given.online();
      const flaw = await flawOfRead(key, () =>
        way === 0 ? cache.withCopy(key, (path) => readFile(path)) : cache.read(key),
      );
      given.say({ tried: 1, wrong: flaw === undefined ? [] : [flaw] });
    }
  },

  /** Reads them, in part or whole, and holds copies for a while. @param {Given} given @param {{ keys: string[], seed: number, count: number }} args */
  async useSome(given, { keys, seed, count }) {
    const random = new Random(seed);
    const cache = given.online();
    /** @type {((key: string) => Promise<string | undefined>)[]} */
    const ways = [
      (key) => flawOfRead(key, () => cache.read(key)),
      (key) => flawOfRead(key, () => cache.withCopy(key, (path) => usedFor(random.below(30), path))),
      (key) => failure(async () => void (await cache.readRange(key, 4, 20))),
    ];
    for (let done = 0; done < count; done += 1) {
      const flaw = await random.of(ways)(random.of(keys));
      given.say({ tried: 1, wrong: flaw === undefined ? [] : [flaw] });
    }
  },

  /** @param {Given} given @param {{ keys: string[], seed: number, count: number, mostBytes: number }} args */
  async writeSome(given, { keys, seed, count, mostBytes }) {
    const random = new Random(seed);
    for (let done = 0; done < count; done += 1) {
      const key = random.of(keys);
      const bytes = makeContent(key, random.below(2 ** 31), random.size(32, mostBytes));
      const flaw = await failure(() => given.online().write(key, bytes));
      given.say({ tried: 1, wrong: flaw === undefined ? [] : [flaw] });
    }
  },

  /**
   * Every verb with the network switched off, for a key that is known or not. Each must be decided in time.
   *
   * @param {Given} given @param {{ key: string, decisionMs: number }} args
   */
  async offlineVerbs(given, { key, decisionMs }) {
    const cache = given.offline();
    const flaws = [];
    /** @type {Record<string, () => Promise<string | undefined>>} */
    const verbs = {
      read: () => flawOfOffline(given, key, () => cache.read(key)),
      copy: () => flawOfOffline(given, key, () => cache.withCopy(key, (path) => readFile(path))),
      range: () => refusedOrDone(given, () => cache.readRange(key, 2, 9)),
      write: () => refused(given, () => cache.write(key, makeContent(key, 1, 100))),
      remove: () => refused(given, () => cache.remove(key)),
    };
    for (const [verb, call] of Object.entries(cache.otherVerbs?.(key) ?? {}))
      verbs[verb] = () => refusedOrDone(given, call);
    for (const [verb, call] of Object.entries(verbs)) {
      const started = performance.now();
      const flaw = await call();
      const ms = performance.now() - started;
      flaws.push(flaw ? `${verb} ${flaw}` : ms > decisionMs ? `${verb} ${key} took ${Math.round(ms)} ms` : undefined);
    }
    return finding(flaws);
  },

  /** @param {Given} given @param {{ maxBytes: number }} args */
  async prune(given, { maxBytes }) {
    await given.online().prune(maxBytes);
  },

  /** @param {Given} given @param {{ key: string, version: number, sizeBytes: number }} args */
  async write(given, { key, version, sizeBytes }) {
    await given.online().write(key, makeContent(key, version, sizeBytes));
  },

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

/** A tool that looks twice at the file it was given. @param {number} ms @param {string} path @returns {Promise<Uint8Array>} */
async function usedFor(ms, path) {
  const first = await readFile(path);
  await new Promise((resolve) => setTimeout(resolve, ms));
  const second = await readFile(path);
  return first.equals(second) ? second : new Uint8Array(0);
}

/** @param {Given} given @param {() => Promise<unknown>} call */
async function refused(given, call) {
  try {
    await call();
    return "was done";
  } catch (error) {
    return given.module.isRefusal(error) ? undefined : `ended with ${error}`;
  }
}

/** @param {Given} given @param {() => Promise<unknown>} call */
async function refusedOrDone(given, call) {
  try {
    await call();
    return undefined;
  } catch (error) {
    return given.module.isRefusal(error) ? undefined : `ended with ${error}`;
  }
}

/** @param {() => Promise<unknown>} work */
async function failure(work) {
  try {
    await inTime(work());
    return undefined;
  } catch (error) {
    return String(error);
  }
}
