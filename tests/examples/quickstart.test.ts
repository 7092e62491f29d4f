/** The first thing that a newcomer runs, as a process without credentials, network or a home of its own. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../examples/quickstart/main.mjs", import.meta.url));
const run = promisify(execFile);
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "quickstart-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

const start = (args: readonly string[], env: Record<string, string> = {}) =>
  run(process.execPath, [program, ...args], { cwd: folder, env: { TMPDIR: folder, HOME: folder, ...env } });

describe("the quickstart", () => {
  it("tells of each step what went over the wire, and leaves nothing behind", async () => {
    const { stdout, stderr } = await start([]);
    expect(stderr).toBe("");
    const steps = [...stdout.matchAll(/^ {2}(\d [a-z, ]+?) {2,}(\S.*?) {2,}/gm)].map(([, title, requests]) => [
      title,
      requests,
    ]);
    expect(steps).toEqual([
      ["1 upload", "6 PUT 200"],
      ["2 cold read", "6 GET 200"],
      ["3 warm read", "6 GET 304"],
      ["4 offline read", "none"],
      ["5 damaged, healed", "1 GET 304, 1 GET 200"],
      ["6 healed for good", "6 GET 304"],
    ]);
    expect(stdout.match(/✓/g)).toHaveLength(6);
    expect(stdout).toContain("Apple stood at $223.02 on Mar 1 2010");
    expect(stdout).toContain("npx entrepot ls -lh s3://your-bucket/");
    expect(await readdir(folder)).toEqual([]);
  });

  it("does the same against a bucket of one's own, and cleans up there", async () => {
    await using server = await startS3Server({ buckets: ["own"] });
    const { accessKeyId, secretAccessKey } = server.credentials;
    const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    const { stdout } = await start(["--endpoint", server.endpoint, "--bucket", "own"], env);
    expect(stdout.match(/✓/g)).toHaveLength(6);
    expect(server.requests.filter(({ method }) => method === "PUT")).toHaveLength(6);
    await using data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
    expect(await data.list("s3://own/").uris()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("fails when it cannot do what it shows", async () => {
    const failing = start(["--endpoint", "http://127.0.0.1:1", "--bucket"]);
    await expect(failing).rejects.toMatchObject({ code: 1 });
  });
});
