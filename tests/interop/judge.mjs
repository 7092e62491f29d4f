// Judges one S3 server with clients that are not ours, prints checks × clients, and fails when a check recorded
// in server-pass.json no longer passes. usage: judge.mjs [--server own] [--clients boto3,sdk] [--record]
import { readFileSync, writeFileSync } from "node:fs";
import { clients } from "./clients/clients.mjs";
import { flag, option, run, withServer } from "./process.mjs";
import { renderTable } from "./table.mjs";

/** @typedef {{ check: string, ok: boolean, why?: string }} Verdict */
/** What became of one client: its verdicts by check (and how it broke off), or why it cannot be had.
 * @typedef {{ verdicts?: Map<string, Verdict>, broken?: string, cannot?: string }} Outcome */

const serverName = option("server", "own");
const chosen = option("clients", Object.keys(clients).join(",")).split(",");
const passFile = new URL("server-pass.json", import.meta.url);
/** @type {Record<string, string>} */
const checks = JSON.parse(readFileSync(new URL("checks.json", import.meta.url), "utf8"));
/** What our own server passes, by client; another server is only looked at. @type {Record<string, string[]>} */
const recorded = serverName === "own" ? JSON.parse(readFileSync(passFile, "utf8")) : {};

/** @type {Map<string, Outcome>} */
const outcomes = new Map();
const outcomeOf = (/** @type {string} */ client) => outcomes.get(client) ?? {};

/** @param {string} client @param {import("./process.mjs").Server} server @returns {Promise<Outcome>} */
async function judge(client, server) {
  const prepared = await clients[client]?.prepare();
  if (!prepared?.command) return { cannot: prepared?.cannot ?? `no such client, of ${Object.keys(clients)}` };
  const done = await run(prepared.command, { env: { INTEROP_SERVER: JSON.stringify(server) }, seconds: 900 });
  /** @type {Map<string, Verdict>} */
  const verdicts = new Map();
  for (const line of done.stdout.split("\n").filter((text) => text.startsWith("{"))) {
    const verdict = JSON.parse(line);
    if (!(verdict.check in checks)) throw new Error(`checks.json does not know ${verdict.check}, judged by ${client}`);
    verdicts.set(verdict.check, verdict);
  }
  if (done.code === 0) return { verdicts };
  const last = done.stderr.trim().split("\n").slice(-3).join(" | ");
  return { verdicts, broken: `ended with ${done.code ?? done.signal}: ${last}` };
}

const problem = await withServer(serverName, async (server) => {
  // Two at a time: the AWS CLI starts a process for every call and takes longer than all the others.
  const waiting = [...chosen].sort((a, b) => Number(b === "aws-cli") - Number(a === "aws-cli"));
  const worker = async () => {
    for (let client = waiting.shift(); client !== undefined; client = waiting.shift()) {
      const begun = Date.now();
      const outcome = await judge(client, server);
      outcomes.set(client, outcome);
      const what = outcome.cannot ?? `${outcome.verdicts?.size} verdicts`;
      console.error(`${client}: ${what} in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    }
  };
  await Promise.all([worker(), worker()]);
});
if (problem) console.log(`${serverName} cannot be judged: ${problem}`);

const names = Object.keys(checks);
const passes = (/** @type {string} */ client, /** @type {string} */ check) =>
  outcomeOf(client).verdicts?.get(check)?.ok === true;
const mark = (/** @type {string} */ client, /** @type {string} */ check) => {
  const verdict = outcomeOf(client).verdicts?.get(check);
  if (verdict?.ok) return "ok";
  if (recorded[client]?.includes(check)) return "LOST";
  return verdict === undefined ? "·" : "no";
};
const tried = chosen.filter((client) => outcomeOf(client).verdicts);
if (tried.length > 0) {
  const rows = names.map((check) => [check, ...tried.map((client) => mark(client, check))]);
  console.log(renderTable(`${serverName}, judged by`, tried, rows));
}

let passed = 0;
let skipped = 0;
/** @type {string[]} */
const lost = [];
/** @type {string[]} */
const open = [];
/** @type {string[]} */
const found = [];
for (const client of chosen) {
  const list = recorded[client] ?? [];
  const { cannot, broken, verdicts } = outcomeOf(client);
  if (cannot) {
    console.log(`SKIPPED ${client}: ${cannot}`);
    skipped += Math.max(1, list.length);
    continue;
  }
  if (broken) console.log(`BROKEN ${client} ${broken}`);
  for (const check of names) {
    const line = `${client} ${check}: ${verdicts?.get(check)?.why ?? problem ?? "no verdict"}`;
    if (passes(client, check)) passed += 1;
    if (passes(client, check) && !list.includes(check)) found.push(`${client} ${check}`);
    if (!passes(client, check) && list.includes(check)) lost.push(line);
    if (!passes(client, check) && !list.includes(check) && verdicts?.has(check)) open.push(line);
  }
}

const tell = (/** @type {string} */ title, /** @type {string[]} */ lines) =>
  lines.length > 0 && console.log(`\n${title}\n  ${lines.join("\n  ")}`);
tell("Recorded in server-pass.json, and lost:", lost);
tell("Not passed, and not recorded:", open);
if (serverName === "own") tell("Passed, and not yet recorded (--record):", found);
if (flag("record") && serverName === "own" && !problem) {
  for (const client of tried) recorded[client] = names.filter((check) => passes(client, check));
  writeFileSync(passFile, `${JSON.stringify(recorded, null, 2)}\n`);
}
if (problem && lost.length === 0) skipped += 1;
console.log(`${passed} passed, ${lost.length} failed, ${skipped} skipped`);
process.exitCode = lost.length > 0 ? 1 : 0;
