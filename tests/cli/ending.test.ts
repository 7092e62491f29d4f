import { readdir } from "node:fs/promises";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BuiltCommand, ended } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;
const bigBytes = 8 * 1024 * 1024;

beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"] });
  command = await BuiltCommand.build({
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
  await data.writeBytes("s3://b/big", new Uint8Array(bigBytes).fill(10));
  for (let index = 0; index < 1500; index++) await data.writeText(`s3://b/many/${index}`, "");
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});

it.each([
  ["cat s3://b/big | head -c 1", "\n"],
  ["cat --no-cache s3://b/big | head -c 1", "\n"],
  ["ls s3://b/many/ | head -n 1", "0\n"],
])("a reader that has enough is no failure: %s", async (line, stdout) => {
  const { code, ...said } = await command.shell(`set -e; { entrepot ${line.replace(" | ", "; echo $? >&2; } | ")}`);
  expect({ code, ...said }).toEqual({ code: 0, stdout, stderr: "0\n" });
});

it("a full disk behind the output is one", async () => {
  const { stderr } = await command.shell("entrepot cat s3://b/big > /dev/full; echo $? >&2");
  expect(stderr).toMatch(/ENOSPC[\s\S]*\n1\n$/);
});

// the word is said only by an end in good order: the timer that bounds it says nothing
it("Ctrl-C ends a stalled copy in good order and leaves nothing behind", async () => {
  server.inject({ method: "GET", key: /^big$/, times: Number.POSITIVE_INFINITY, effect: { stallAfterBytes: 1000 } });
  server.clearRequests();
  const child = command.start(["cp", "--no-cache", "s3://b/big", "./copy.bin"]);
  const end = ended(child);
  await until(() => server.requests.some(({ method }) => method === "GET"));
  child.kill("SIGINT");
  const { code, stderr } = await end;
  expect({ code, stderr }).toEqual({ code: 130, stderr: "error: interrupted\n" });
  expect((await readdir(command.home)).filter((name) => name.includes("copy"))).toEqual([]);
});

it("secrets stay where they are, whatever fails", async () => {
  const env = {
    AWS_ACCESS_KEY_ID: "CANARYKEYID0000000001",
    AWS_SECRET_ACCESS_KEY: "SecretCanary/0000000000000000000000000002",
    AWS_SESSION_TOKEN: "SessionTokenCanary0003",
  };
  for (const args of [
    ["cat", "s3://b/big"],
    ["ls", "--debug", "s3://b/"],
    ["doctor", "s3://b/big"],
    ["doctor", "--json", "s3://b/"],
  ]) {
    const { code, stdout, stderr } = await command.run(args, { env });
    expect(code).not.toBe(0);
    expect(stdout + stderr).not.toMatch(/SecretCanary|SessionTokenCanary|CANARYKEYID/);
  }
});

/** Looks again with each turn of the loop that brings something. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
