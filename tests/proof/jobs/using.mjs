/** Jobs that use a cache in many ways, as people do. */
import { readFile } from "node:fs/promises";
import { census } from "../census.mjs";
import { makeContent } from "../content.mjs";
import { Random } from "../random.mjs";
import { failure, finding, flawOfOffline, flawOfRead, refused, refusedOrDone, usedFor } from "./judge.mjs";

/** @typedef {import("./judge.mjs").Given} Given */

export const using = {
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

  /** What is open; waits a while for it to be no more than before. @param {Given} _given @param {{ until?: Record<string, number> }} args */
  census: (_given, { until }) => census(until),

  /** Opens the cache, uses it in every way and closes it, so many times. @param {Given} given @param {{ keys: string[], lives: number, seed: number }} args */
  async lives(given, { keys, lives, seed }) {
    const random = new Random(seed);
    const flaws = [];
    for (let life = 0; life < lives; life += 1) {
      const cache = given.open();
      for (const key of keys) {
        flaws.push(await flawOfRead(key, () => cache.read(key)));
        await failure(() => cache.withCopy(key, (path) => readFile(path)));
        await failure(() => cache.readRange(key, 3, 20));
      }
      await Promise.all(keys.map((key) => failure(() => cache.read(key))));
      await failure(() => cache.read(`bad-${life}`));
      await failure(() => cache.withCopy("never there", () => Promise.reject(new Error("not reached"))));
      await failure(() => cache.withCopy(random.of(keys), () => Promise.reject(new Error("the tool fails"))));
      const written = random.of(keys);
      await failure(() => cache.write(written, makeContent(written, life, random.size(32, 400_000))));
      for (const call of Object.values(cache.otherVerbs?.(random.of(keys)) ?? {})) await failure(call);
      await cache.prune(random.below(1_000_000));
      await cache.close();
    }
    return finding(flaws);
  },
};
