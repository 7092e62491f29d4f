// Our client against S3 servers we did not write, and our own: prints cases × servers and fails when a case that
// client-pass.json records is lost, or one fails without a deviation listed there by name and with its reason.
// usage: client.mjs [--servers moto,versitygw,radosgw,own] [--record]
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { repo, withServer } from "./process.mjs";
import { renderTable } from "./table.mjs";

const option = (/** @type {string} */ name, /** @type {any} */ fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const servers = option("servers", "moto,versitygw,radosgw,own").split(",");
const recording = process.argv.includes("--record");
const passFile = new URL("client-pass.json", import.meta.url);
/** @type {Record<string, { passes: string[], deviations: Record<string, string> }>} */
const recorded = JSON.parse(readFileSync(passFile, "utf8"));
const secondsPerCase = 90;

/** Runs the cases one after another; a case is `{ name, run }`, and `prepare` gives what `run` is called with. */
async function outcomesOf(/** @type {any} */ cases, /** @type {any} */ prepare) {
  const outcomes = new Map();
  for (const { name, run } of cases) {
    let timer;
    const tooLong = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done after ${secondsPerCase} s`)), secondsPerCase * 1000);
    });
    const given = await prepare();
    try {
      await Promise.race([run(given), tooLong]);
      outcomes.set(name, undefined);
    } catch (error) {
      outcomes.set(name, `${error?.code ?? error?.name}: ${String(error?.message).split("\n")[0].slice(0, 200)}`);
    } finally {
      clearTimeout(timer);
      await given.close?.();
    }
  }
  return outcomes;
}

const built = existsSync(`${repo}dist/index.js`);
const { suites } = built ? await import("./suites.mjs") : { suites: [] };
const names = suites.flatMap(({ cases }) => cases.map(({ name }) => name));
const results = {};
const absent = {};
if (!built) console.log("SKIPPED: the client is not built (npm run build)");
for (const server of built ? servers : []) {
  const begun = Date.now();
  const reason = await withServer(server, async (settings) => {
    results[server] = new Map();
    for (const { cases, prepare } of suites) {
      for (const [name, why] of await outcomesOf(cases, () => prepare(settings))) results[server].set(name, why);
    }
  });
  if (reason) absent[server] = reason;
  else console.error(`${server}: ${results[server].size} cases in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

let passed = 0;
let failed = 0;
let skipped = 0;
const lines = [];
const cell = (/** @type {import("./process.mjs").Server} */ server, /** @type {string} */ name) => {
  const why = results[server].get(name);
  if (why === undefined) return "ok";
  return recorded[server]?.deviations?.[name] ? "dev" : "FAIL";
};
const here = servers.filter((/** @type {import("./process.mjs").Server} */ server) => results[server]);
if (here.length > 0)
  console.log(
    renderTable(
      "our client against",
      here,
      names.map((name) => [
        name,
        ...here.map((/** @type {import("./process.mjs").Server} */ server) => cell(server, name)),
      ]),
    ),
  );

for (const server of servers) {
  const { passes = [], deviations = {} } = recorded[server] ?? {};
  if (!results[server]) {
    skipped += Math.max(1, passes.length);
    // Our own server needs nothing but the build, so its absence is a failure once something is recorded.
    if (server === "own" && passes.length > 0 && built) failed += 1;
    console.log(`SKIPPED ${server}: ${absent[server] ?? "the client is not built"}`);
    continue;
  }
  for (const name of names) {
    const why = results[server].get(name);
    if (why === undefined) {
      passed += 1;
      if (deviations[name]) lines.push(`${server}: "${name}" passes now; its deviation can go`);
      else if (!passes.includes(name)) lines.push(`${server}: "${name}" passes and is not recorded (--record)`);
    } else if (deviations[name]) {
      lines.push(`${server}: deviation: "${name}": ${deviations[name]} (${why})`);
    } else {
      failed += 1;
      lines.push(`${server}: ${passes.includes(name) ? "LOST" : "FAIL"}: "${name}": ${why}`);
    }
  }
  for (const name of passes.filter((one) => !names.includes(one))) {
    failed += 1;
    lines.push(`${server}: "${name}" is recorded, and no suite has it any more`);
  }
}
if (lines.length > 0) console.log(`\n${lines.join("\n")}`);
if (recording) {
  for (const server of here) {
    const deviations = recorded[server]?.deviations ?? {};
    const passes = names.filter((name) => results[server].get(name) === undefined);
    recorded[server] = { passes, deviations };
  }
  writeFileSync(passFile, `${JSON.stringify(recorded, null, 2)}\n`);
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
