// versitygw's conformance suite against `entrepot serve`: each of its cases passes, or deliberate.json says why not.
// Then the whole suite at once, twice over the same buckets, as an attack. usage: suite.mjs [--only REGEX] [--why] [--record]

import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { stripVTControlCharacters } from "node:util";
import { keys, startOwn } from "./own-server.mjs";
import { flag, here, option, repo, run } from "./process.mjs";
import { renderTable } from "./table.mjs";

/** @typedef {import("./own-server.mjs").OwnServer} OwnServer */
/** @typedef {{ passed: boolean, why: string }} Verdict */

const passFile = new URL("suite-pass.json", import.meta.url);
/** @type {string[]} */
const recorded = JSON.parse(readFileSync(passFile, "utf8"));
/** Where we differ on purpose: the reason, and the cases that it explains. @type {{ why: string, cases: string[] }[]} */
const deliberate = JSON.parse(readFileSync(new URL("deliberate.json", import.meta.url), "utf8"));
const reasonOf = new Map(deliberate.flatMap(({ why, cases }) => cases.map((name) => [name, why])));
const gateway = `${repo}.interop/bin/versitygw`;
const only = option("only", "");
const asTheySay = { flags: ["--strict-region"], load: new URL("say-as-versitygw.mjs", import.meta.url).href };

/** @type {(passed: number, failed: number, skipped: number) => never} */
const end = (passed, failed, skipped) => {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed > 0 ? 1 : 0);
};

const plain = stripVTControlCharacters;
const suite = (/** @type {OwnServer} */ server, /** @type {string[]} */ args, seconds = 60) =>
  run(
    [
      ...[gateway, "test", "--access", keys.accessKeyId, "--secret", keys.secretAccessKey],
      ...["--endpoint", server.endpoint, ...args, ...(flag("unversioned") ? [] : ["--versioning-enabled"])],
    ],
    { seconds },
  );

const installed = await run(["bash", `${here}servers/versitygw.sh`, "install"], { seconds: 900 });
if (installed.code !== 0) {
  console.log(`SKIPPED versitygw's suite: ${installed.stderr.trim().split("\n").at(-1)}`);
  end(0, 0, Math.max(1, recorded.length));
}
const listed = await run([gateway, "test", "--help"]);
const names = [...listed.stdout.matchAll(/ Runs (\S+) integration test$/gm)]
  .map(([, name = ""]) => name)
  .filter((name) => new RegExp(only).test(name))
  .sort();

/** @type {Map<string, Verdict>} */
const verdicts = new Map();
/** @type {Set<string>} */
const mishaps = new Set();

/** One case after another against a server of its own: the suite calls its buckets test-bucket-1 every time it is started. */
async function lane(/** @type {string[]} */ waiting) {
  let server = await startOwn(asTheySay);
  for (let name = waiting.shift(); name !== undefined && Date.now() < deadline; name = waiting.shift()) {
    const done = await suite(server, [name]);
    const said = plain(done.stdout);
    // some cases print another name than their own
    const passed = done.code === 0 && /^PASS /m.test(said) && !/^FAIL /m.test(said);
    const panic = /^panic: .*$/m.exec(done.stderr)?.[0];
    const told = said.split("\n").filter((line) => line !== "" && !/^(RUN|PASS) /.test(line));
    const why = panic ?? [...told, ...done.stderr.trim().split("\n")].join(" ").trim();
    verdicts.set(name, { passed, why: why || `ended with ${done.code ?? done.signal} and said nothing` });
    for (const mishap of server.mishaps.splice(0)) mishaps.add(`${name}: ${mishap}`);
    if (passed) continue;
    // What a failed case has left behind would be found by the next.
    await server.stop();
    server = await startOwn(asTheySay);
  }
  await server.stop();
}

const begun = Date.now();
// A machine under load is no reason to hold up all the rest: what is not asked by then is counted as skipped.
const deadline = begun + Number(option("seconds", "240")) * 1000;
const waiting = [...names];
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, () => lane(waiting)));
// The suite's own deadlines are short for a machine under load: what passed once may try twice, and is named.
const again = recorded.filter((name) => verdicts.get(name)?.passed === false);
if (again.length > 0) console.log(`tried a second time: ${again.join(" ")}`);
await lane([...again]);
console.error(`${names.length} cases in ${((Date.now() - begun) / 1000).toFixed(1)} s`);

/** The suite with a hundred cases at a time, and two of it over the same buckets: whatever that says, the server stands. */
async function attack() {
  const server = await startOwn(asTheySay);
  await suite(server, ["PutObject_success"]);
  const before = server.open();
  await Promise.all([1, 2].map(() => suite(server, ["full-flow", "--parallel"], 75)));
  const alive = await fetch(server.endpoint).catch((/** @type {Error} */ error) => error);
  const after = server.open();
  const { requests, mishaps: found } = server;
  await server.stop();
  for (const mishap of found) mishaps.add(`attack: ${mishap}`);
  if (alive instanceof Error) mishaps.add(`attack: nobody answers after it: ${alive.message}`);
  if (before && after) {
    // idle connections of clients that are gone are closed by then; some dozens of files would be a leak
    if (after.files > before.files + 10) mishaps.add(`attack: ${before.files} open files became ${after.files}`);
    if (after.megabytes > 1024) mishaps.add(`attack: ${before.megabytes} MB of memory became ${after.megabytes}`);
    console.log(
      `attacked with ${requests} requests: ${before.files} open files before, ${after.files} after; ${after.megabytes} MB`,
    );
  }
}
if (only === "") await attack();

const passing = names.filter((name) => verdicts.get(name)?.passed);
const failing = names.filter((name) => verdicts.get(name)?.passed === false);
const unasked = names.filter((name) => !verdicts.has(name));
if (unasked.length > 0) console.log(`SKIPPED ${unasked.length} cases for want of time (--seconds gives more)`);
const whyOf = (/** @type {string} */ name) =>
  `${name}: ${(verdicts.get(name)?.why ?? "there is no such case").replaceAll(`${name}: `, "").slice(0, 300)}`;
const tell = (/** @type {string} */ title, /** @type {string[]} */ lines) =>
  lines.length > 0 && console.log(`\n${title}\n  ${lines.join("\n  ")}`);

const rows = deliberate.map(({ why, cases }) => [why, cases.filter((name) => failing.includes(name)).length]);
console.log(renderTable("Deliberately different", ["cases"], rows));
const lost = recorded.filter(
  (name) => new RegExp(only).test(name) && !passing.includes(name) && !unasked.includes(name),
);
const open = failing.filter((name) => !reasonOf.has(name) && !recorded.includes(name));
tell("Recorded in suite-pass.json, and lost:", lost.map(whyOf));
tell("Failing, and deliberate.json has no reason:", open.map(whyOf));
tell("Failures of the server's own:", [...mishaps]);
tell(
  "Passing, though deliberate.json has a reason why not:",
  passing.filter((name) => reasonOf.has(name)),
);
tell(
  "Passing, and not yet recorded (--record):",
  passing.filter((name) => !recorded.includes(name)),
);
if (flag("why")) tell("Deliberate, and what they said:", failing.filter((name) => reasonOf.has(name)).map(whyOf));
if (flag("record") && only === "" && unasked.length === 0)
  writeFileSync(passFile, `${JSON.stringify(passing, null, 2)}\n`);
end(
  passing.length,
  lost.length + open.length + mishaps.size,
  failing.length - lost.length - open.length + unasked.length,
);
