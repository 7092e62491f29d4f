/** `cp` and `mv` of several sources: one plan, one limit and one sum for all of them. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import { type BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;
beforeAll(async () => {
  ({ server, command, data } = await openShellWorld("b"));
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});
beforeEach(async () => {
  await data.remove("s3://b/", { recursive: true });
  for (const folder of ["one", "two"]) {
    await rm(path.join(command.home, folder), { recursive: true, force: true });
    await mkdir(path.join(command.home, folder));
    for (const name of ["a", "b", "c"]) await writeFile(path.join(command.home, folder, name), "12345");
  }
  await writeFile(path.join(command.home, "single"), "12345");
  server.clearRequests();
});

const sources = ["-r", "one", "two", "single", "s3://b/to/"];

it("are refused as a whole when together they would take more than is allowed, though each alone would not", async () => {
  for (const verb of ["cp", "mv"])
    for (const [limit, said] of [
      ["--max-requests=6", "7 requests"],
      ["--max-bytes=34B", "35 bytes"],
    ] as const) {
      const { code, stdout, stderr } = await command.run([verb, limit, ...sources]);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(`7 objects would take ${said}`);
    }
  expect([server.requests, (await readdir(path.join(command.home, "one"))).length]).toEqual([[], 3]);
});

it("are done when they keep within it, and the plan of a dry run is what the server sees", async () => {
  const dry = await command.run(["cp", "--dry-run", "--json", ...sources]);
  const plans = parseLines(dry.stdout).filter(({ type }) => type === "summary");
  expect(plans).toMatchObject([
    { copied: { objects: 7 }, plan: { objects: 7, sizeBytes: 35, requests: { total: 7 } } },
  ]);
  expect(server.requests).toEqual([]);
  const { code, stderr } = await command.run(["cp", "--max-requests=7", "--max-bytes=35B", ...sources]);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^copied 7 objects, 35 B in .* s\n$/)]);
  expect(server.requests.length).toBe(7);
});

it("are left alone all of them when one is not there to be planned; one that fails later stops no other", async () => {
  const missing = await command.run(["cp", "-r", "one", "s3://b/nowhere/", "s3://b/to/"]);
  expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining("s3://b/nowhere/")]);
  expect(server.requests.some(({ method }) => method === "PUT")).toBe(false);
  server.inject("PUT to/one/b 403 AccessDenied x1");
  const failed = await command.run(["cp", ...sources]);
  expect([failed.code, failed.stderr]).toEqual([4, expect.stringContaining("one/b")]);
  expect(server.objects("b").size).toBe(6);
});
