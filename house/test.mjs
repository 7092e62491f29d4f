/**
 * `npm test`: every check of the project, in order, each counted as one test, vitest's own tests one by one.
 * `--long`: only those of vitest's tests that this leaves out; `--files A B`: only vitest's tests that lie there: steps of CI.
 * Ends with `N passed, N failed, N skipped`.
 * A failed check does not hide the ones behind it.
 */
import { spawnSync } from "node:child_process";
import { root } from "./doors.mjs";
import { runTests } from "./vitest.mjs";

process.chdir(root);
const node = process.execPath;
const bin = (/** @type {string} */ file, /** @type {string[]} */ ...args) => [node, `node_modules/${file}`, ...args];

const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const lines = [];

const isLong = process.argv.includes("--long");
const at = process.argv.indexOf("--files");
const files = at === -1 ? undefined : process.argv.slice(at + 1);
if (!isLong && !files) checks();
unitTests();

console.log(`\n${lines.join("\n")}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

function checks() {
  stage("build (bundles, declarations)", [node, "house/build.mjs"]);
  stage("types of tests, examples, house", bin("typescript/bin/tsc", "-p", "tsconfig.json"));
  stage("format and lint", bin("@biomejs/biome/bin/biome", "ci", "--error-on-warnings", "."));
  stage("rooms and import directions", [node, "house/check-rooms.mjs"]);
  stage("house rules", [node, "house/check-house.mjs"]);
  stage("public surface", [node, "house/api.mjs"]);
  stage("reference", [node, "house/reference.mjs"]);
  stage("packed package", [node, "house/check-package.mjs"]);
}

/** @param {string} name @param {string[]} command */
function stage(name, command) {
  const { ok, seconds } = run(name, command);
  total[ok ? "passed" : "failed"] += 1;
  lines.push(`${ok ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
}

function unitTests() {
  const projects = isLong ? ["long"] : ["together", "alone"];
  const started = performance.now();
  console.log("\n── vitest");
  const { lines: told, ...counts } = files
    ? runTests([], files)
    : runTests(projects.flatMap((name) => ["--project", name]));
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  lines.push(...told);
  lines.push(
    `${counts.failed === 0 ? "ok  " : "FAIL"} vitest: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`,
  );
}

/** @param {string} name @param {string[]} command */
function run(name, [file = "", ...args]) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const { status } = spawnSync(file, args, { stdio: ["ignore", "inherit", "inherit"] });
  return { ok: status === 0, seconds: ((performance.now() - started) / 1000).toFixed(1) };
}
