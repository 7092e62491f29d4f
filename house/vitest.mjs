/**
 * Vitest, run and counted. Where `CI` is set, the files of failed tests are run once more, one at a time: a machine that also
 * does something else fails tests that are right. What is right then has passed, and is told as `AGAIN` with how it failed at
 * first, since it may be a race of ours (docs/decisions/2026-11-23-a-second-try-in-ci.md). What fails twice has failed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { root } from "./doors.mjs";

const folder = "node_modules/.cache/entrepot";
const report = `${folder}/vitest.json`;
/** Of more files than these it is no matter of chance. */
const mostFiles = 12;

/**
 * @typedef {{ file: string, name: string, how: string }} Failure
 * @typedef {{ isOk: boolean, passed: number, skipped: number, failures: Failure[] }} Outcome
 */

/**
 * @param {readonly string[]} options of vitest @param {readonly string[]} [files] all that the options allow
 * @returns {{ passed: number, failed: number, skipped: number, lines: string[] }}
 */
export function runTests(options, files = []) {
  const first = outcomeOf([...options, ...files]);
  const { passed, skipped, failures } = first;
  const failing = [...new Set(failures.map(({ file }) => file))];
  const second =
    process.env.CI && failing.length > 0 && failing.length <= mostFiles
      ? outcomeOf([...options, ...failing, "--no-file-parallelism"])
      : undefined;
  const isRight = (/** @type {Failure} */ { file, name }) =>
    second !== undefined &&
    isExplained(second) &&
    !second.failures.some((failed) => failed.file === file && (failed.name === name || failed.name === ""));
  const again = failures.filter(isRight);
  const nameless = isExplained(first) ? 0 : 1;
  return {
    passed: passed + again.length,
    failed: failures.length - again.length + nameless,
    skipped,
    lines: failures.flatMap((failure) => [
      `${again.includes(failure) ? "AGAIN" : "FAIL"} ${failure.file}: ${failure.name}`,
      `       ${failure.how}`,
    ]),
  };
}

/** An unhandled error belongs to no test. @param {Outcome} outcome */
function isExplained({ isOk, passed, failures }) {
  return passed > 0 && (isOk || failures.length > 0);
}

/** @param {readonly string[]} args @returns {Outcome} */
function outcomeOf(args) {
  rmSync(report, { force: true });
  mkdirSync(folder, { recursive: true });
  const command = ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json"];
  const { status } = spawnSync(process.execPath, [...command, `--outputFile.json=${report}`, ...args], {
    stdio: ["ignore", "inherit", "inherit"],
    // The engine of tables tells where it gave up on a damaged file: hundreds of lines, and no failure.
    env: { ...process.env, RUST_BACKTRACE: "0" },
  });
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined;
  return {
    isOk: status === 0,
    passed: counts?.numPassedTests ?? 0,
    skipped: (counts?.numPendingTests ?? 0) + (counts?.numTodoTests ?? 0),
    failures: (counts?.testResults ?? []).flatMap(failuresOf),
  };
}

/**
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} Tested
 * @param {{ name: string, status: string, message?: string, assertionResults: Tested[] }} file
 * @returns {Failure[]}
 */
function failuresOf({ name: path, status, message, assertionResults }) {
  const file = relative(root, path);
  const failed = assertionResults.filter((tested) => tested.status === "failed");
  // A file that does not load has no tests to fail.
  if (failed.length === 0) return status === "failed" ? [{ file, name: "", how: firstLine(message) }] : [];
  return failed.map(({ fullName, failureMessages }) => ({
    ...{ file, name: fullName, how: firstLine(failureMessages?.[0]) },
  }));
}

function firstLine(text = "") {
  return text.split("\n", 1)[0]?.slice(0, 300) ?? "";
}
