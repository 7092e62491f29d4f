/** `entrepot cache` as a user types and reads it. */
import { mkdir, readdir, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import { type BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;
const cacheDir = () => path.join(command.home, ".cache/entrepot");
const run = (...args: string[]) => command.run(["cache", ...args]);

beforeAll(async () => {
  ({ server, command, data } = await openShellWorld("b", { AWS_REGION: "us-east-1" }));
  for (const key of ["data/a.csv", "data/b.csv", "c"]) await data.writeText(`s3://b/${key}`, "x,y\n".repeat(500));
  await command.run(["cat", "s3://b/data/a.csv", "s3://b/data/b.csv", "s3://b/c"]);
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});

describe("list", () => {
  it("shows size, age, state, address and path on one line, and sums", async () => {
    const { code, stdout, stderr } = await run("list", "s3://b/data/");
    expect(code).toBe(0);
    expect(stdout.split("\n")).toHaveLength(3);
    expect(stdout).toMatch(/^ {2}2\.0 kB {2}used +\d+ s ago {2}asks {6}s3:\/\/b\/data\/a\.csv {2}\/.*\.csv$/m);
    expect(stderr).toBe("2 copies, 4.0 kB\n");
  });

  it("tells everything of each with --long, as why does of one", async () => {
    const { stdout } = await run("list", "--long", "s3://b/c");
    for (const fact of [
      "size       2.0 kB (2,000 bytes)",
      "state      asks: without a maxAge",
      "pinned     no",
      "held       no",
    ])
      expect(stdout).toContain(`  ${fact}`);
    const why = await run("why", "s3://b/c", "s3://b/none");
    expect(why.code).toBe(0);
    expect(why.stdout).toMatch(/next read {2}asks the server, then takes the copy/);
    expect(why.stdout).toMatch(/goes {7}no limit is set/);
    expect(why.stdout).toMatch(/s3:\/\/b\/none\n {2}copy {7}none\n {2}next read {2}fetches it, and keeps a copy/);
  });

  it("says as JSON raw numbers and every field", async () => {
    const [entry] = parseLines((await run("list", "--json", "s3://b/c")).stdout);
    expect(entry).toEqual({
      type: "cached",
      uri: "s3://b/c",
      etag: expect.stringMatching(/^"/),
      versionId: null,
      sizeBytes: 2000,
      path: expect.stringContaining(cacheDir()),
      fetchedMs: expect.any(Number),
      checkedMs: expect.any(Number),
      usedMs: expect.any(Number),
      state: "asks",
      why: expect.any(String),
      verified: "checksum",
      complete: true,
      pinned: false,
      pinnedBy: [],
      held: false,
      heldBy: [],
    });
  });
});

describe("path", () => {
  it("is the folder, or where a copy lies, which it does not fetch", async () => {
    expect(await run("path")).toEqual({ code: 0, stdout: `${cacheDir()}\n`, stderr: "" });
    expect((await run("path", "s3://b/c")).stdout).toMatch(/objects\/v1\//);
    server.clearRequests();
    const { code, stdout, stderr } = await run("path", "s3://b/none");
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toContain("hint: entrepot path s3://b/none makes one");
    expect(server.requests).toEqual([]);
  });
});

describe("stats", () => {
  it("shows sums, limits with who set them, places and what is foreign", async () => {
    await writeFile(path.join(cacheDir(), "mine.txt"), "x");
    const { stdout } = await command.run(["cache", "stats"], { env: { ENTREPOT_CACHE_MAX_BYTES: "1GB" } });
    expect(stdout).toMatch(/^ {2}objects +3 objects, 6\.0 kB \(6,000 bytes\)$/m);
    expect(stdout).toMatch(
      /^ {2}maxBytes +1\.0 GB \(1,000,000,000 bytes\) {2}\(environment ENTREPOT_CACHE_MAX_BYTES\)$/m,
    );
    expect(stdout).toMatch(/^ {2}unusedFor +no limit {2}\(default\)$/m);
    expect(stdout).toMatch(/^ {2}at +s3:\/\/b\/ {2}3 objects/m);
    expect(stdout).toMatch(/^ {2}foreign +.*mine\.txt {2}none of the cache's, never touched$/m);
    expect((await run("stats", "--quick")).stdout).toBe(`3 objects, 6.0 kB (no limit) in ${cacheDir()}\n`);
    const [json] = parseLines((await run("stats", "--json")).stdout);
    expect(json).toMatchObject({
      type: "cache",
      objects: 3,
      sizeBytes: 6000,
      maxBytes: null,
      pinned: { objects: 0, sizeBytes: 0 },
      places: [{ uri: "s3://b/", objects: 3, sizeBytes: 6000 }],
      freeBytes: expect.any(Number),
    });
  });
});

describe("verify and repair", () => {
  const damage = async () => truncate((await run("path", "s3://b/c")).stdout.trim(), 7);

  it("says what is wrong in words, with an exit code, and heals", async () => {
    expect((await run("verify")).stdout).toBe("checked 3 copies, 6.0 kB: all as they were fetched\n");
    await damage();
    const found = await run("verify");
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(/^damaged s3:\/\/b\/c: the file is too short: 7 bytes instead of 2,000\n {2}\//);
    expect(found.stderr).toContain("hint: entrepot cache repair takes them away");
    const mended = await run("repair", "--refetch");
    expect(mended.code).toBe(0);
    expect(mended.stdout).toMatch(/^fetched again s3:\/\/b\/c: the file is too short/);
    expect(mended.stdout).toMatch(/checked 3 copies, .*: 1 damaged, 1 fetched again\n$/);
    await damage();
    const removed = await run("repair", "--json");
    expect(removed.code).toBe(0);
    expect(parseLines(removed.stdout)).toMatchObject([
      { type: "damaged", uri: "s3://b/c", damage: "too-short", outcome: "removed", error: null },
      { type: "summary", damaged: 1, repaired: true, removed: 1, fetched: 0 },
    ]);
    expect((await run("verify", "s3://b/data/")).stdout).toContain("checked 2 copies");
    await command.run(["cat", "s3://b/c"]);
  });

  it("says why something could not be fetched again, and fails", async () => {
    await data.writeText("s3://b/gone", "x");
    await command.run(["cat", "s3://b/gone"]);
    await data.remove("s3://b/gone");
    await truncate((await run("path", "s3://b/gone")).stdout.trim(), 0);
    const { code, stdout, stderr } = await run("repair", "--refetch");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^removed s3:\/\/b\/gone: .*; not fetched again: /);
    expect(stderr).toContain("1 local copy not healed");
  });
});

describe("link", () => {
  it("makes a folder to browse, and refuses one that holds something else", async () => {
    expect(await run("link", "./tree")).toEqual({
      code: 0,
      stdout: `3 links in ${command.home}/tree: 3 new, 0 removed\n`,
      stderr: "",
    });
    expect((await readdir(path.join(command.home, "tree/s3/b/data"))).sort()).toEqual(["a.csv", "b.csv"]);
    await mkdir(path.join(command.home, "full"));
    await writeFile(path.join(command.home, "full/mine"), "x");
    const { code, stderr } = await run("link", "./full");
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: .*full\/mine is no link to a copy/);
  });
});

describe("clear", () => {
  it("keeps what is pinned, says so, and shows beforehand what would go", async () => {
    await run("pin", "s3://b/data/");
    const plan = await run("clear", "--dry-run");
    expect(plan.stdout).toBe("would remove s3://b/c\n");
    expect(plan.stderr).toContain("2 copies, 4.0 kB would stay: 2 pinned; entrepot cache unpin lets them go");
    const done = await run("clear");
    expect(done.stderr).toMatch(/removed 1 object, 2\.0 kB/);
    expect(done.stderr).toContain("2 copies, 4.0 kB stayed: 2 pinned");
    expect((await run("list")).stdout).toMatch(/\(pinned\)$/m);
    expect((await run("prune", "--older-than", "30d")).stderr).toContain("2 copies, 4.0 kB pinned: no limit takes");
    await run("unpin", "s3://b/data/");
    expect((await run("clear")).stderr).not.toContain("stayed");
  });
});

describe("help", () => {
  it.each([
    [["cache", "list", "--help"], "usage: entrepot cache list [options] [<folder>]"],
    [["cache", "--help"], "usage: entrepot cache stats|list|"],
    [["help", "cache", "link"], "usage: entrepot cache link [options] <folder> [<address>]"],
    [["cache", "--json", "list", "-h"], "usage: entrepot cache list"],
  ])("%j", async (words, usage) => {
    const { code, stdout } = await command.run(words);
    expect(code).toBe(0);
    expect(stdout).toContain(usage);
  });

  it.each([
    [["cache", "stats", "--repair"], "unknown option --repair"],
    [["cache", "lst"], "did you mean entrepot cache list?"],
    [["cache", "link"], "usage: entrepot cache link"],
    [["cache", "prune", "--max-bytes", "much"], "--max-bytes much: not a size"],
  ])("%j is refused with the way out", async (words, message) => {
    const { code, stderr } = await command.run(words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
