/** The examples of tests, as a user runs them: in vitest and in Node's own runner, against the built package; and what a failure shows there. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const vitest = join(root, "node_modules/vitest/vitest.mjs");
// As from a shell of its own: the runner that runs this file leaves its marks in the environment.
const env = { PATH: process.env["PATH"], HOME: tmpdir(), NO_COLOR: "1" };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-runners-"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
});
afterAll(() => rm(folder, { recursive: true }));

const inVitest = (where: string) => run(process.execPath, [vitest, "run", "--root", where], { env });
const inNode = (where: string) => run(process.execPath, ["--test", where], { env });

describe("the example passes", () => {
  it("in vitest", async () => {
    const { stdout } = await inVitest(join(root, "examples/testing-vitest"));
    expect(stdout).toMatch(/Tests {2}4 passed \(4\)/);
  }, 60_000);

  it("in Node's own runner", async () => {
    const { stdout } = await inNode(join(root, "examples/testing-node/sales.test.mjs"));
    expect(stdout).toMatch(/pass 4\n/);
    expect(stdout).toMatch(/fail 0\n/);
  }, 60_000);
});

describe("a failure shows the counts and each request", () => {
  const body = `
    const s3 = await startS3Server({ fixtures: { "b/a": "x" }, anonymous: true });
    try {
      await (await fetch(s3.endpoint + "/b/a")).text();
      claim(s3);
    } finally {
      await s3.close();
    }
  `;
  const program = (runner: string, claim: string) => `
    import { test${runner === "vitest" ? ", expect" : ""} } from "${runner}";
    import { s3Matchers, startS3Server } from "${root}dist/testing/index.js";
    const claim = ${claim};
    test("fails", async () => {${body}});
  `;

  it.each([
    ["expectRequests", "(s3) => s3.expectRequests({ GetObject: 2 })"],
    ["toHaveReceived", "(s3) => { expect.extend(s3Matchers); expect(s3).toHaveReceived({ GetObject: 2 }); }"],
  ])(
    "in vitest, from %s",
    async (name, claim) => {
      const where = await mkdtemp(join(folder, "vitest-"));
      await writeFile(join(where, `${name}.test.mjs`), program("vitest", claim));
      const failed = await inVitest(where).catch((error: { stderr: string }) => error);
      expect(failed.stderr).toContain("expected 2 GetObject, but 1 GetObject came:\n  GetObject b/a 200");
      expect(failed.stderr).toMatch(/- +"GetObject": 2,\n\+ +"GetObject": 1,/);
    },
    60_000,
  );

  it("in Node's own runner", async () => {
    const file = join(folder, "fails.test.mjs");
    await writeFile(file, program("node:test", "(s3) => s3.expectRequests({ GetObject: 2 })"));
    const failed = await inNode(file).catch((error: { stdout: string }) => error);
    expect(failed.stdout).toContain("expected 2 GetObject, but 1 GetObject came:");
    expect(failed.stdout).toContain("GetObject b/a 200");
    expect(failed.stdout).toMatch(/expected: *\n? *(?:\{ )?GetObject: 2/);
  }, 60_000);
});
