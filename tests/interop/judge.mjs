// Judges one S3 server with clients that are not ours, prints checks × clients, and fails when a check recorded
// in server-pass.json no longer passes. usage: judge.mjs [--server own] [--clients boto3,sdk] [--record]
import { readFileSync, writeFileSync } from "node:fs";
import { clients } from "./clients/clients.mjs";
import { run, withServer } from "./process.mjs";
import { renderTable } from "./table.mjs";

const option = (/** @type {string} */ name, /** @type {any} */ fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const json = (/** @type {any} */ file) => JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));

const serverName = option("server", "own");
const chosen = option("clients", Object.keys(clients).join(",")).split(",");
const recording = process.argv.includes("--record");
const checks = json("checks.json");
const passFile = "server-pass.json";
// The list is what our own server passes; another server is only looked at.
const recorded = serverName === "own" ? json(passFile) : {};

/** One client's verdicts by check, or the reason why it cannot be had. */
async function judge(/** @type {any} */ client, /** @type {import("./process.mjs").Server} */ server) {
  const { command, cannot } = await clients[client].prepare();
  if (cannot) return { cannot };
  const done = await run(command, { env: { INTEROP_SERVER: JSON.stringify(server) }, seconds: 600 });
  const verdicts = new Map();
  for (const line of done.stdout.split("\n")) {
    if (!line.startsWith("{")) continue;
    const verdict = JSON.parse(line);
    if (!(verdict.check in checks))
      throw new Error(`${client} gave a verdict on ${verdict.check}, which checks.json does not know`);
    verdicts.set(verdict.check, verdict);
  }
  if (done.code !== 0)
    verdicts.broken = `ended with ${done.code ?? done.signal}: ${done.stderr.trim().split("\n").slice(-3).join(" | ")}`;
  return { verdicts };
}

const outcomes = {};
const problem = await withServer(serverName, async (server) => {
  // Two at a time: the command line starts a process for every call and takes longer than all the others.
  const waiting = [...chosen].sort((a, b) => Number(b === "aws-cli") - Number(a === "aws-cli"));
  const worker = async () => {
    for (let client = waiting.shift(); client !== undefined; client = waiting.shift()) {
      const begun = Date.now();
      outcomes[client] = await judge(client, server);
      console.error(
        `${client}: ${outcomes[client].cannot ?? `${outcomes[client].verdicts.size} verdicts`} in ${((Date.now() - begun) / 1000).toFixed(1)} s`,
      );
    }
  };
  await Promise.all([worker(), worker()]);
});
if (problem) console.log(`${serverName} cannot be judged: ${problem}`);

const passes = (/** @type {any} */ client, /** @type {any} */ check) =>
  outcomes[client]?.verdicts?.get(check)?.ok === true;
const tried = chosen.filter((/** @type {any} */ client) => outcomes[client]?.verdicts);
const mark = (/** @type {any} */ client, /** @type {any} */ check) => {
  const verdict = outcomes[client].verdicts.get(check);
  return verdict === undefined ? "·" : verdict.ok ? "ok" : recorded[client]?.includes(check) ? "LOST" : "no";
};
if (tried.length > 0)
  console.log(
    renderTable(
      `${serverName}, judged by`,
      tried,
      Object.keys(checks).map((check) => [check, ...tried.map((/** @type {any} */ client) => mark(client, check))]),
    ),
  );

let passed = 0;
let failed = 0;
let skipped = 0;
const lost = [];
const open = [];
const found = [];
for (const client of chosen) {
  const list = recorded[client] ?? [];
  if (outcomes[client]?.cannot) {
    console.log(`SKIPPED ${client}: ${outcomes[client].cannot}`);
    skipped += Math.max(1, list.length);
    continue;
  }
  if (outcomes[client]?.verdicts.broken) console.log(`BROKEN ${client} ${outcomes[client].verdicts.broken}`);
  for (const check of Object.keys(checks)) {
    const why = outcomes[client]?.verdicts.get(check)?.why ?? problem ?? "no verdict";
    if (passes(client, check)) {
      passed += 1;
      if (!list.includes(check)) found.push(`${client} ${check}`);
    } else if (list.includes(check)) lost.push(`${client} ${check}: ${why}`);
    else if (outcomes[client]?.verdicts.has(check)) open.push(`${client} ${check}: ${why}`);
  }
}
failed = lost.length;

const tell = (/** @type {any} */ title, /** @type {any} */ lines) =>
  lines.length > 0 && console.log(`\n${title}\n  ${lines.join("\n  ")}`);
tell("Recorded in server-pass.json, and lost:", lost);
tell("Not passed, and not recorded:", open);
if (serverName === "own" && !recording) tell("Passed, and not yet recorded (judge.mjs --record):", found);
if (recording && serverName === "own" && !problem) {
  for (const client of tried) recorded[client] = Object.keys(checks).filter((check) => passes(client, check));
  writeFileSync(new URL(passFile, import.meta.url), `${JSON.stringify(recorded, null, 2)}\n`);
  failed = 0;
}
if (problem && failed === 0) skipped += 1;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
