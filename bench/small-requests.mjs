/**
 * GET, HEAD and PUT of 4 KiB at concurrency 32 from nginx, plain and over TLS; CPU per operation first. A PUT with default
 * settings keeps a copy in the cache. usage: small-requests.mjs [--rounds 3] [--operations get,head,put]
 * [--transports http,tls] [--subjects dispatch,sdk,entrepot,entrepot-without-cache] [--requests 20000] [--check]
 */
import { circumstances, count, publish, target, words } from "./figures.mjs";
import { compare, present, ratio, subjectNames, tableOf } from "./small-requests/compare.mjs";

/** @typedef {import("./small-requests/compare.mjs").Operation} Operation */
/** @typedef {import("./small-requests/compare.mjs").Transport} Transport */
const operations = /** @type {Operation[]} */ (words("operations", ["get", "head", "put"]));
const transports = /** @type {Transport[]} */ (words("transports", ["http", "tls"]));
const rounds = count("rounds", 3);
const requests = count("requests", 20_000);
const before = circumstances();
const rows = await compare({
  operations,
  transports,
  subjects: present(words("subjects", subjectNames)),
  rounds,
  // Fewer of what is slower, so that every timed section lasts about as long.
  requestsOf: (subject, operation) =>
    Math.ceil(requests / (subject === "sdk" ? 8 : subject === "entrepot" && operation === "put" ? 2 : 1)),
});

const names = { get: "GET", head: "HEAD", put: "PUT" };
/** @type {{ what: string, toSdk: number | undefined, toDispatch: number | undefined, counts: boolean }[]} */
const ratios = [];
for (const operation of operations) {
  for (const transport of transports) {
    const what = `${names[operation]} 4 KiB, ${transport}`;
    const beside = rows.filter((row) => row.operation === operation && row.transport === transport);
    console.log(`${tableOf(`${what}, concurrency 32`, beside)}\n`);
    for (const subject of beside.map(({ name }) => name).filter((name) => name.startsWith("entrepot"))) {
      ratios.push({
        what: `${what}, ${subject}`,
        toSdk: ratio(beside, subject, "sdk"),
        toDispatch: ratio(beside, subject, "dispatch"),
        counts: subject === "entrepot",
      });
    }
  }
}
publish("small-requests", { circumstances: before, concurrency: 32, bytes: 4096, rows, ratios });
for (const { what, toSdk, toDispatch, counts } of ratios) {
  if (toDispatch) console.log(`        ${what} / dispatch, CPU: ${toDispatch.toFixed(2)}`);
  if (toSdk && counts) target(`${what} / sdk, CPU`, toSdk, 1 / 15);
  else if (toSdk) console.log(`        ${what} / sdk, CPU: ${toSdk.toPrecision(3)} (not the default)`);
}
