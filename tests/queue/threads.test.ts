import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("threads/main.mjs", import.meta.url));
const isBuilt = existsSync(new URL("../../dist/flow/index.js", import.meta.url));
if (!isBuilt) process.stderr.write("SKIPPED: threads are tested over the built package (npm run build)\n");

test.runIf(isBuilt)(
  "a flow in threads gives exactly what it gives here, and an aborted one ends its thread",
  {
    timeout: 120_000,
  },
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [program]);
    expect(JSON.parse(stdout)).toEqual({
      same: true,
      threads: 2,
      failure: expect.stringContaining("the rate is below zero"),
      aborted: true,
      after: true,
    });
  },
);

test.runIf(isBuilt)("the built package runs a flow over an embedded database", { timeout: 120_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileURLToPath(new URL("threads/over-queue.mjs", import.meta.url)),
  ]);
  expect(JSON.parse(stdout)).toEqual({ same: true, baseline: 5_000 });
});
