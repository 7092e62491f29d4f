/** `.ci/run` adds up honestly: what crashes, hangs or says nothing has failed. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "../../house/doors.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "entrepot-ci-"));
  mkdirSync(path.join(folder, ".ci/steps"), { recursive: true });
  mkdirSync(path.join(folder, "bin"));
  cpSync(path.join(root, ".ci/run"), path.join(folder, ".ci/run"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs it with an npm that does what `npm` says, and these steps. */
function run(npm: string, steps: Readonly<Record<string, string>> = {}, timeout = "1m") {
  writeFileSync(path.join(folder, "bin/npm"), `#!/bin/sh\n${npm}\n`);
  chmodSync(path.join(folder, "bin/npm"), 0o755);
  for (const [name, text] of Object.entries(steps)) writeFileSync(path.join(folder, ".ci/steps", name), text);
  const env = { ...process.env, PATH: `${folder}/bin:${process.env["PATH"]}`, CI_PART_TIMEOUT: timeout };
  const { status, stdout } = spawnSync("bash", [path.join(folder, ".ci/run")], { encoding: "utf8", env });
  return { ok: status === 0, last: stdout.trimEnd().split("\n").at(-1) };
}

const green = `echo "5 passed, 0 failed, 1 skipped"`;

describe(".ci/run", () => {
  it("ends with the sum of the tests and of every step", () => {
    const steps = { "a.sh": `echo "2 passed, 0 failed"`, "b.sh": `echo "08 passed, 0 failed, 3 skipped"` };
    expect(run(green, steps)).toEqual({ ok: true, last: "15 passed, 0 failed, 4 skipped" });
  });

  it.each([
    ["says nothing", "echo hello", "5 passed, 1 failed, 1 skipped"],
    ["crashes", "exit 3", "5 passed, 1 failed, 1 skipped"],
    ["counts a failure", `echo "1 passed, 2 failed, 0 skipped"`, "6 passed, 2 failed, 1 skipped"],
    [
      "counts none and fails all the same",
      `echo "1 passed, 0 failed, 0 skipped"; exit 1`,
      "6 passed, 1 failed, 1 skipped",
    ],
    ["waits for an answer from the keyboard", "read -r answer || exit 4", "5 passed, 1 failed, 1 skipped"],
  ])("fails when a step %s", (_, step, last) => {
    expect(run(green, { "a.sh": step })).toEqual({ ok: false, last });
  });

  it("fails when a step hangs", () => {
    expect(run(green, { "a.sh": "exec sleep 60" }, "0.2s")).toEqual({
      ok: false,
      last: "5 passed, 1 failed, 1 skipped",
    });
  });

  it("fails when the packages do not install", () => {
    expect(run(`test "$1" != ci`)).toEqual({ ok: false, last: "0 passed, 1 failed, 0 skipped" });
  });
});
