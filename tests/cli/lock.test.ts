/** `entrepot lock` as the shell meets it. */
import { type Depot, entrepot, recordReads } from "entrepot";
import { lockOf, writeLock } from "entrepot/flow";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;

beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"] });
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  command = await BuiltCommand.build({ AWS_ENDPOINT_URL: server.endpoint, ENTREPOT_CACHE: "0", ...credentials });
  data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
  await data.writeText("s3://b/in", "one");
  await data.writeText(`${command.home}/x.txt`, "local");
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});

test("two runs are told apart, and what changed since is told", async () => {
  const write = async (name: string) => {
    const { reads } = await recordReads(async () => {
      await data.readText("s3://b/in");
      await data.readText(`${command.home}/x.txt`);
    });
    await writeLock(data, `${command.home}/${name}`, lockOf(reads));
  };
  await write("a.lock.json");
  const same = await command.run(["lock", "verify", "a.lock.json"]);
  expect([same.code, same.stdout, same.stderr]).toEqual([0, "checked 2 inputs: all as they were\n", ""]);
  await data.writeText("s3://b/in", "other");
  const changed = await command.run(["lock", "verify", "a.lock.json"]);
  expect(changed.code).toBe(6);
  expect(changed.stdout).toContain("changed s3://b/in: it had 3 bytes, and has 5 now\n");
  await data.writeText(`${command.home}/x.txt`, "LOCAL");
  await write("b.lock.json");
  const differ = await command.run(["lock", "diff", "a.lock.json", "b.lock.json"]);
  expect(differ.code).toBe(6);
  expect(differ.stdout.split("\n").slice(0, 2)).toEqual([
    "x.txt: other bytes, 5 bytes",
    expect.stringMatching(/^s3:\/\/b\/in: another version, 3 → 5 bytes, ETag/),
  ]);
  const told = parseLines((await command.run(["lock", "diff", "--json", "a.lock.json", "b.lock.json"])).stdout);
  expect(told.map(({ type }) => type)).toEqual(["difference", "difference", "summary"]);
  expect((await command.run(["lock", "diff", "a.lock.json", "a.lock.json"])).code).toBe(0);
});

test("what is no lock file is said to be none, and what is missing is missing", async () => {
  const none = await command.run(["lock", "verify", "x.txt"]);
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("is no lock file")]);
  expect((await command.run(["lock", "diff", "a.lock.json", "none.json"])).code).toBe(3);
  expect((await command.run(["lock", "diff", "a.lock.json"])).code).toBe(2);
});
