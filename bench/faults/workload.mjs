/** Which requests, which bytes and which faults: all of it follows from the seed, for the server's side and the client's alike. */
import { createCipheriv, hash } from "node:crypto";

/** Shares of all tries, the repeated ones included. */
export const rates = { reset: 0.05, slowDown: 0.02, stall: 0.01 };

/** No call has more tries than this. */
const mostTries = 10;

/** @typedef {{ key: string, verb: "get" | "put", sizeBytes: number }} Call */
/** @typedef {{ method: "GET" | "PUT", key: RegExp, effect: import("entrepot/testing").Fault["effect"] }} Fault */

/** Numbers in [0, 1) that follow from a seed: mulberry32. @param {number} seed */
function numbersFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {number} seed @param {number} requests */
export function planOf(seed, requests) {
  const random = numbersFrom(seed);
  const below = (/** @type {number} */ bound) => Math.floor(random() * bound);
  /** @type {Call[]} */
  const calls = [];
  /** @type {Fault[]} */
  const faults = [];
  const struck = { reset: 0, slowDown: 0, stall: 0 };
  for (let n = 0; n < requests; n++) {
    const verb = random() < 0.5 ? "get" : "put";
    const key = `${verb}/${n}`;
    // As many between 4 and 8 KiB as between 128 and 256.
    const sizeBytes = Math.floor(4096 * 64 ** random());
    calls.push({ key, verb, sizeBytes });
    let leftBytes = sizeBytes;
    for (let tries = 1; tries < mostTries; tries++) {
      const roll = random();
      const kind = roll < 0.05 ? "reset" : roll < 0.07 ? "slowDown" : roll < 0.08 ? "stall" : undefined;
      if (kind === undefined) break;
      struck[kind]++;
      // In the middle of what a try that goes on from there is sent.
      const at = below(leftBytes);
      if (kind !== "slowDown" && verb === "get") leftBytes -= at;
      const effects = {
        reset: verb === "get" ? { resetAfterBytes: at } : { resetUploadAfterBytes: at + 1 },
        slowDown: { status: 503, code: "SlowDown" },
        stall: verb === "get" ? { stallAfterBytes: at } : { silent: /** @type {const} */ (true) },
      };
      faults.push({ method: verb === "get" ? "GET" : "PUT", key: new RegExp(`^${key}$`), effect: effects[kind] });
    }
  }
  return { calls, faults, struck };
}

/** The bytes of a key: part of one random block, and the key itself in front. @param {number} seed */
export function bodiesOf(seed) {
  const key = Buffer.from(hash("sha256", `faults ${seed}`), "hex");
  const block = createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(2 ** 20));
  return (/** @type {Call} */ call) => {
    const from = Number.parseInt(hash("sha256", call.key).slice(0, 8), 16) % (block.length - call.sizeBytes);
    const body = Buffer.from(block.subarray(from, from + call.sizeBytes));
    body.write(call.key, "latin1");
    return body;
  };
}
