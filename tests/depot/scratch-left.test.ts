/** Temporary files of a process that was killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startS3Server } from "../../src/testing/index.ts";

const entry = new URL("../../src/index.ts", import.meta.url).href;
/** Tells that it holds a copy; the first one then waits to be killed. */
const program = `
  const { entrepot } = await import(process.env.ENTRY);
  const data = entrepot({ cache: false });
  const copy = await data.localCopy("s3://b/large.bin");
  console.log(copy.path);
  if (process.env.STAYS) await new Promise((resolve) => setInterval(resolve, 60_000));
  await copy.close();
  await data.close();
`;

test("copies that a killed process held are removed by the next that makes one, and its own by itself", async () => {
  const s3 = await startS3Server({ buckets: ["b"] });
  const folder = await mkdtemp(join(tmpdir(), "entrepot-left-"));
  onTestFinished(async () => {
    await rm(folder, { recursive: true, force: true });
    await s3.close();
  });
  await s3.load({ "s3://b/large.bin": new Uint8Array(1024) });
  const env = {
    ...{ PATH: process.env["PATH"], HOME: folder, TMPDIR: folder, ENTRY: entry, AWS_REGION: "us-east-1" },
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
  };
  const start = (more: Readonly<Record<string, string>> = {}) => {
    const args = ["--import", "tsx", "--input-type=module", "-e", program];
    const child = spawn(process.execPath, args, { env: { ...env, ...more }, stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };
  const scratch = async () => (await readdir(folder)).filter((name) => name.startsWith("entrepot-scratch-"));

  const killed = start({ STAYS: "1" });
  const [line] = await once(killed.stdout, "data");
  const path = String(line).trim();
  expect(path.startsWith(folder)).toBe(true);
  killed.kill("SIGKILL");
  await once(killed, "close");
  expect(await scratch()).toHaveLength(1);
  const next = start();
  const [other] = await once(next.stdout, "data");
  expect((await scratch()).some((name) => path.includes(name))).toBe(false);
  expect(String(other).trim()).not.toBe(path);
  const [code] = await once(next, "close");
  expect([code, await scratch()]).toEqual([0, []]);
});
