// Our client against S3 servers we did not write, and our own: prints cases × servers and fails when a case that
// client-pass.json records is lost, or one fails without a deviation listed there by name and with its reason.
// usage: client.mjs [--servers moto,versitygw,radosgw,own] [--record]
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { flag, option, repo, withServer } from "./process.mjs";
import { renderTable } from "./table.mjs";

/** A case, and what a suite gives to each: `prepare` opens it for one server, `close` ends it.
 * @typedef {{ readonly name: string, run(given: any): Promise<void> }} Case
 * @typedef {{ readonly cases: readonly Case[], prepare(server: import("./process.mjs").Server): Promise<any> }} Suite */

const servers = option("servers", "moto,versitygw,radosgw,own").split(",");
const passFile = new URL("client-pass.json", import.meta.url);
/** @type {Record<string, { passes: string[], deviations: Record<string, string> }>} */
const recorded = JSON.parse(readFileSync(passFile, "utf8"));
const secondsPerCase = 90;

/** A rejection that nobody awaits would end this process: it is the failure of the case that runs. @type {((error: unknown) => void) | undefined} */
let onStray;
process.on("unhandledRejection", (error) => onStray?.(error));

/** Why it failed, or undefined. @param {Case} one @param {Suite} suite @param {import("./process.mjs").Server} server */
async function failureOf(one, suite, server) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const tooLong = new Promise((_, reject) => {
    onStray = reject;
    timer = setTimeout(() => reject(new Error(`not done after ${secondsPerCase} s`)), secondsPerCase * 1000);
  });
  /** @type {any} */
  let given;
  try {
    given = await suite.prepare(server);
    await Promise.race([one.run(given), tooLong]);
    return undefined;
  } catch (thrown) {
    const error = /** @type {any} */ (thrown);
    const said = String(error?.message ?? error).replace(/\s+/g, " ");
    return `${error?.code ?? error?.name}: ${said.slice(0, 240)}`;
  } finally {
    clearTimeout(timer);
    await given?.close();
  }
}

const built = existsSync(`${repo}dist/index.js`);
/** @type {readonly Suite[]} */
const suites = built ? (await import("./suites.mjs")).suites : [];
const names = suites.flatMap(({ cases }) => cases.map(({ name }) => name));
/** @type {Map<string, Map<string, string | undefined>>} */
const results = new Map();
/** @type {Map<string, string>} */
const absent = new Map();
for (const server of built ? servers : []) {
  const begun = Date.now();
  /** @type {Map<string, string | undefined>} */
  const outcomes = new Map();
  const reason = await withServer(server, async (settings) => {
    for (const suite of suites) {
      for (const one of suite.cases) outcomes.set(one.name, await failureOf(one, suite, settings));
    }
  });
  if (reason) absent.set(server, reason);
  else results.set(server, outcomes);
  console.error(`${server}: ${reason ?? `${outcomes.size} cases`} in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

const mark = (/** @type {string} */ server, /** @type {string} */ name) => {
  if (results.get(server)?.get(name) === undefined) return "ok";
  return recorded[server]?.deviations[name] ? "known" : "FAIL";
};
if (results.size > 0) {
  const heads = [...results.keys()];
  const rows = names.map((name) => [name, ...heads.map((server) => mark(server, name))]);
  console.log(renderTable("our client against", heads, rows));
}

let [passed, failed, skipped] = [0, 0, 0];
/** @type {string[]} */
const lines = [];
for (const server of servers) {
  const { passes, deviations } = recorded[server] ?? { passes: [], deviations: {} };
  const outcomes = results.get(server);
  if (outcomes === undefined) {
    skipped += Math.max(1, passes.length);
    // Our own server needs nothing but the build: where its cases are recorded, its absence is a failure.
    if (server === "own" && passes.length > 0) failed += 1;
    lines.push(`SKIPPED ${server}: ${absent.get(server) ?? "the client is not built (npm run build)"}`);
    continue;
  }
  /** @type {string[]} */
  const found = [];
  for (const name of names) {
    const why = outcomes.get(name);
    if (why === undefined) {
      passed += 1;
      if (deviations[name]) lines.push(`${server}: "${name}" passes now; its deviation can go`);
      else if (!passes.includes(name)) found.push(name);
    } else if (deviations[name]) {
      lines.push(`${server}: known: "${name}": ${deviations[name]} (${why})`);
    } else {
      failed += 1;
      lines.push(`${server}: ${passes.includes(name) ? "LOST" : "FAIL"}: "${name}": ${why}`);
    }
  }
  if (found.length > 0) {
    const some = found.slice(0, 5).join('", "');
    lines.push(
      `${server}: ${found.length} pass and are not recorded (--record): "${some}"${found.length > 5 ? " …" : ""}`,
    );
  }
  for (const name of passes.filter((one) => !names.includes(one))) {
    failed += 1;
    lines.push(`${server}: "${name}" is recorded, and no suite has it any more`);
  }
}
if (lines.length > 0) console.log(`\n${lines.join("\n")}`);
if (flag("record")) {
  for (const [server, outcomes] of results) {
    const passes = names.filter((name) => outcomes.get(name) === undefined);
    recorded[server] = { passes, deviations: recorded[server]?.deviations ?? {} };
  }
  writeFileSync(passFile, `${JSON.stringify(recorded, null, 2)}\n`);
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
