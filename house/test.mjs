/**
 * `npm test`: every check of the project, in order, each counted as one test, vitest's own tests one by one.
 * `--long`: only those of vitest's tests that this leaves out, a step of CI. Ends with `N passed, N failed, N skipped`.
 * A failed check does not hide the ones behind it.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { root } from "./doors.mjs";

process.chdir(root);
const report = "node_modules/.cache/entrepot/vitest.json";
const node = process.execPath;
const bin = (/** @type {string} */ file, /** @type {string[]} */ ...args) => [node, `node_modules/${file}`, ...args];

const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const lines = [];

const isLong = process.argv.includes("--long");
if (!isLong) checks();
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
  rmSync(report, { force: true });
  mkdirSync("node_modules/.cache/entrepot", { recursive: true });
  const projects = isLong ? ["long"] : ["together", "alone"];
  const { ok, seconds } = run(
    "vitest",
    bin(
      "vitest/vitest.mjs",
      "run",
      ...projects.flatMap((name) => ["--project", name]),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ),
  );
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined;
  const passed = counts?.numPassedTests ?? 0;
  // A file that does not load has no tests to fail, and an unhandled error belongs to none.
  const failed = Math.max(counts?.numFailedTests ?? 0, ok && passed > 0 ? 0 : 1);
  total.passed += passed;
  total.failed += failed;
  total.skipped += (counts?.numPendingTests ?? 0) + (counts?.numTodoTests ?? 0);
  lines.push(...failures(counts?.testResults ?? []));
  lines.push(`${failed === 0 ? "ok  " : "FAIL"} vitest: ${passed} passed, ${failed} failed (${seconds} s)`);
}

/**
 * Each failed test in two lines, so that the end of a long output tells what to look at.
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} Tested
 * @param {{ name: string, status: string, message?: string, assertionResults: Tested[] }[]} files
 */
function failures(files) {
  return files.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((tested) => tested.status === "failed");
    if (failed.length === 0) return status === "failed" ? [`FAIL ${file}`, firstLine(message)] : [];
    return failed.flatMap(({ fullName, failureMessages }) => [
      `FAIL ${file}: ${fullName}`,
      firstLine(failureMessages?.[0]),
    ]);
  });
}

function firstLine(text = "") {
  return `       ${text.split("\n", 1)[0]?.slice(0, 300)}`;
}

/** @param {string} name @param {string[]} command */
function run(name, [file = "", ...args]) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const { status } = spawnSync(file, args, { stdio: ["ignore", "inherit", "inherit"] });
  return { ok: status === 0, seconds: ((performance.now() - started) / 1000).toFixed(1) };
}
