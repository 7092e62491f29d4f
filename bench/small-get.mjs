/**
 * GET of 4 KiB at concurrency 32 from nginx: CPU per operation first, then operations per second. Each sample is a
 * fresh process, the subjects in shuffled order. usage: small-get.mjs [--rounds 5] [--subjects dispatch,sdk,entrepot] [--check]
 */
import { circumstances, count, publish, target, words } from "./figures.mjs";
import { compare, present, ratio, tableOf } from "./small-requests/compare.mjs";

const rounds = count("rounds", 5);
const subjects = present(words("subjects", ["dispatch", "sdk", "entrepot"]));
const before = circumstances();
const rows = await compare({
  operations: ["get"],
  transports: ["http"],
  subjects,
  rounds,
  // The SDK is some twenty times slower; its timed section is shorter in requests so that all last about as long.
  requestsOf: (subject) => (subject === "sdk" ? 4_000 : 40_000),
});

console.log(tableOf("GET 4 KiB, concurrency 32", rows));
const ratios = {
  toDispatch: ratio(rows, "entrepot", "dispatch"),
  toSdk: ratio(rows, "entrepot", "sdk"),
  sdkToDispatch: ratio(rows, "sdk", "dispatch"),
};
publish("small-get", { circumstances: before, concurrency: 32, bytes: 4096, rows, ratios });
if (ratios.sdkToDispatch) console.log(`        sdk / dispatch: ${ratios.sdkToDispatch.toFixed(1)}`);
if (ratios.toDispatch) target("entrepot / dispatch, CPU", ratios.toDispatch, 1.4);
if (ratios.toSdk) target("entrepot / sdk, CPU", ratios.toSdk, 1 / 15);
