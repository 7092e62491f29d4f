/**
 * The client's side of faults, in a process of its own: puts there what is to be read, makes every call with default settings,
 * 32 beside one another, and looks afterwards whether what was written is whole. Prints one line of JSON.
 */
import { entrepot, isEntrepotError } from "entrepot";
import { bodiesOf, planOf } from "./workload.mjs";

const [, , seed, requests, bound] = process.argv;
const boundMs = Number(bound);
const { calls } = planOf(Number(seed), Number(requests));
const bodyOf = bodiesOf(Number(seed));
const uriOf = (/** @type {import("./workload.mjs").Call} */ { key }) => `s3://bucket/${key}`;
/** @param {false} [cache] */
const depot = (cache) =>
  entrepot({
    endpoint: process.env["BENCH_ENDPOINT"],
    region: "us-east-1",
    addressing: "path",
    credentials: {
      accessKeyId: String(process.env["BENCH_ACCESS_KEY"]),
      secretAccessKey: String(process.env["BENCH_SECRET_KEY"]),
    },
    cache,
  });

/** @typedef {{ outcome: "right" | "typed" | "other", what: string, ms: number }} Ended */

/** @template T, R @param {readonly T[]} items @param {(item: T, at: number) => Promise<R>} work @returns {Promise<R[]>} */
async function beside(items, work) {
  /** @type {R[]} */
  const results = [];
  let next = 0;
  const loop = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(/** @type {T} */ (items[at]), at);
    }
  };
  await Promise.all(Array.from({ length: 32 }, loop));
  return results;
}

const plain = depot(false);
await beside(
  calls.filter(({ verb }) => verb === "get"),
  (call) => plain.writeBytes(uriOf(call), bodyOf(call)),
);

const data = depot();
const begun = performance.now();
const ended = await beside(calls, async (call) => {
  const start = performance.now();
  // One that never ends must not keep the others from being counted.
  /** @type {NodeJS.Timeout | undefined} */
  let alarm;
  const expired = new Promise((resolve) => {
    alarm = setTimeout(() => resolve(["other", `${call.key}: not ended within its bound`]), boundMs);
  });
  const [outcome, what] = await Promise.race([once(call), expired]);
  clearTimeout(alarm);
  return /** @type {Ended} */ ({ outcome, what, ms: performance.now() - start });
});
const seconds = (performance.now() - begun) / 1000;

/** @param {import("./workload.mjs").Call} call @returns {Promise<[Ended["outcome"], string]>} */
async function once(call) {
  try {
    const body = bodyOf(call);
    if (call.verb === "put") {
      await data.writeBytes(uriOf(call), body);
      return ["right", "written"];
    }
    const bytes = await data.readBytes(uriOf(call));
    return body.equals(bytes) ? ["right", "read"] : ["other", `${call.key}: other bytes`];
  } catch (error) {
    return isEntrepotError(error) ? ["typed", error.code] : ["other", `${call.key}: ${error}`];
  }
}

// Written is what can be read: whole where the call succeeded, whole or not at all where it failed.
await beside(calls, async (call, at) => {
  if (call.verb !== "put") return;
  const own = /** @type {Ended} */ (ended[at]);
  const found = await plain.readBytes(uriOf(call), { onError: undefined }).catch((error) => {
    if (own.outcome === "typed" && isEntrepotError(error, "not-found")) return undefined;
    own.outcome = "other";
    own.what = `${call.key}: written, and then ${error}`;
    return undefined;
  });
  if (found === undefined || bodyOf(call).equals(found)) return;
  own.outcome = "other";
  own.what = `${call.key}: other bytes than were written`;
});

const longest = (/** @type {Ended["outcome"]} */ outcome) =>
  Math.max(0, ...ended.filter((each) => each.outcome === outcome).map(({ ms }) => ms));
/** @type {Record<string, number>} */
const codes = {};
for (const { outcome, what } of ended) if (outcome === "typed") codes[what] = (codes[what] ?? 0) + 1;
console.log(
  JSON.stringify({
    seconds,
    right: ended.filter(({ outcome }) => outcome === "right").length,
    typed: ended.filter(({ outcome }) => outcome === "typed").length,
    others: ended.filter(({ outcome }) => outcome === "other").map(({ what }) => what),
    codes,
    longestRightMs: longest("right"),
    longestTypedMs: longest("typed"),
  }),
);
await Promise.all([data.close(), plain.close()]);
