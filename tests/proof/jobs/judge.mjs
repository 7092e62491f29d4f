/** Whether what a call brought is right: bytes that are one whole version, a refusal where one is due, and all in time. */
import { readFile } from "node:fs/promises";
import { flawOf } from "../content.mjs";

/** @typedef {import("../proof.ts").TestedCache} TestedCache */
/** @typedef {{ module: import("../proof.ts").CacheModule, dir: string, online(): TestedCache, offline(): TestedCache, say(note: unknown): void, open(): TestedCache }} Given */
/** @typedef {import("../proof.ts").Finding} Finding */

/** Longer than anything here takes: whoever waits so long is stuck. */
const stuckMs = 30_000;

/** @template T @param {Promise<T>} work @returns {Promise<T>} */
export async function inTime(work) {
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
export async function flawOfRead(key, read) {
  try {
    const flaw = flawOf(await inTime(read()), key);
    return flaw && `${key}: ${flaw}`;
  } catch (error) {
    return `${key}: ${error}`;
  }
}

/** As a read, but "I have no copy" is right as well. @param {Given} given @param {string} key @param {() => Promise<Uint8Array>} read */
export async function flawOfOffline(given, key, read) {
  try {
    const flaw = flawOf(await inTime(read()), key);
    return flaw && `${key}, offline: ${flaw}`;
  } catch (error) {
    return given.module.isNotCached(error) ? undefined : `${key}, offline: ${error}`;
  }
}

/** @param {(string | undefined)[]} flaws @returns {Finding} */
export function finding(flaws) {
  return { tried: flaws.length, wrong: flaws.filter((flaw) => flaw !== undefined) };
}

/** A tool that looks twice at the file it was given. @param {number} ms @param {string} path @returns {Promise<Uint8Array>} */
export async function usedFor(ms, path) {
  const first = await readFile(path);
  await new Promise((resolve) => setTimeout(resolve, ms));
  const second = await readFile(path);
  return first.equals(second) ? second : new Uint8Array(0);
}

/** @param {Given} given @param {() => Promise<unknown>} call */
export async function refused(given, call) {
  try {
    await call();
    return "was done";
  } catch (error) {
    return given.module.isRefusal(error) ? undefined : `ended with ${error}`;
  }
}

/** @param {Given} given @param {() => Promise<unknown>} call */
export async function refusedOrDone(given, call) {
  try {
    await call();
    return undefined;
  } catch (error) {
    return given.module.isRefusal(error) ? undefined : `ended with ${error}`;
  }
}

/** @param {() => Promise<unknown>} work */
export async function failure(work) {
  try {
    await inTime(work());
    return undefined;
  } catch (error) {
    return String(error);
  }
}
