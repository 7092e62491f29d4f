/** Pins from the shell: keep a folder, see what is missing, work without a network. */
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import { type BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;
const offline = { env: { ENTREPOT_NETWORK: "offline" } };

beforeAll(async () => {
  ({ server, command, data } = await openShellWorld("b"));
  for (const key of ["in/a.csv", "in/deep/b.csv", "in/c.txt", "out.txt"]) await data.writeText(`s3://b/${key}`, key);
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});
beforeEach(async () => {
  await rm(path.join(command.home, ".cache"), { recursive: true, force: true });
});

/** The file of one copy goes, as when somebody tidies up by hand. */
async function lose(suffix: string): Promise<void> {
  const folder = path.join(command.home, ".cache");
  const names = await readdir(folder, { recursive: true });
  for (const name of names.filter((each) => /-[0-9a-f]{16}\./.test(each) && each.endsWith(suffix)))
    await rm(path.join(folder, name));
}

describe("a folder that holds nothing", () => {
  it("is not pinned: exit code 3, as ls; one that was pinned before it lost everything is unpinned by name", async () => {
    const pinned = await command.run(["cache", "pin", "s3://b/nope/"]);
    expect(pinned).toMatchObject({ code: 3, stderr: expect.stringContaining("there is nothing at s3://b/nope/") });
    await data.writeText("s3://b/short/x", "x");
    await command.run(["cache", "pin", "s3://b/short/"]);
    await data.remove("s3://b/short/x");
    await command.run(["cache", "pin", "s3://b/short/"]);
    const unpinned = await command.run(["cache", "unpin", "s3://b/short/"]);
    expect(unpinned.stdout).toBe("unpinned 0 objects, 0 B: s3://b/short/\n");
    expect((await command.run(["cache", "unpin", "s3://b/short/"])).stdout).toMatch(/^nothing was pinned/);
  });
});

describe("a pinned folder", () => {
  it("is fetched once, is ready, and can be listed, read and summed up offline with its age told", async () => {
    const pinned = await command.run(["cache", "pin", "s3://b/in/"]);
    expect(pinned).toMatchObject({ code: 0, stdout: expect.stringContaining("fetched s3://b/in/a.csv") });
    expect(pinned.stderr).toMatch(/^fetched 3 objects, 29 B in /);
    const again = await command.run(["cache", "pin", "s3://b/in/"]);
    expect(again).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringMatching(/0 objects, 0 B, 3 here already/),
    });

    server.clearRequests();
    const status = await command.run(["offline", "status"], offline);
    expect(status).toMatchObject({ code: 0, stderr: "" });
    expect(status.stdout).toMatch(/^s3:\/\/b\/in\/: 3 of 3 ready \(29 B\); as of \d+ s ago\n$/);
    const ls = await command.run(["ls", "s3://b/in/"], offline);
    expect(ls).toMatchObject({ code: 0, stdout: "a.csv\nc.txt\ndeep/\n" });
    expect(ls.stderr).toMatch(/^note: s3:\/\/b\/in\/: as of \d+ s ago; the server was not asked\n$/);
    expect((await command.run(["du", "s3://b/in/"], offline)).stdout).toMatch(/3 objects/);
    expect((await command.run(["cat", "s3://b/in/deep/b.csv"], offline)).stdout).toBe("in/deep/b.csv");
    expect((await command.run(["ls", "--glob", "s3://b/in/**/*.csv"], offline)).stdout).toBe("a.csv\ndeep/b.csv\n");
    const stat = await command.run(["stat", "--json", "s3://b/in/a.csv"], offline);
    expect(parseLines(stat.stderr)).toMatchObject([
      { type: "stale", uri: "s3://b/in/a.csv", ageMs: expect.any(Number) },
    ]);
    expect(server.requests).toEqual([]);
  });

  it("of which something is missing says so, names it and ends with 5; pinning again brings it back", async () => {
    await command.run(["cache", "pin", "s3://b/in/"]);
    await lose(".txt");
    const status = await command.run(["offline", "status"], offline);
    expect(status).toMatchObject({ code: 5, stderr: "" });
    expect(status.stdout).toMatch(/^s3:\/\/b\/in\/: 2 of 3 ready \(21 B\), missing: s3:\/\/b\/in\/c\.txt; as of /);
    const lines = parseLines((await command.run(["offline", "status", "--json", "s3://b/in/"], offline)).stdout);
    expect(lines).toMatchObject([
      {
        type: "pin",
        uri: "s3://b/in/",
        kind: "folder",
        complete: true,
        total: { objects: 3, sizeBytes: 29 },
        ready: { objects: 2, sizeBytes: 21 },
        missing: { objects: 1, sizeBytes: 8, uris: ["s3://b/in/c.txt"] },
      },
      { type: "summary", network: "offline", pins: 1, missing: 1 },
    ]);
    expect((await command.run(["offline", "status", "s3://b/in/deep/"], offline)).code).toBe(0);
    expect((await command.run(["cache", "pin", "s3://b/in/"])).stderr).toMatch(
      /^fetched 1 object, 8 B, 2 here already/,
    );
    expect((await command.run(["offline", "status"], offline)).code).toBe(0);
  });

  it("says what is not in it; of what lies around it nothing is known, and the way out is named", async () => {
    await command.run(["cache", "pin", "s3://b/in/"]);
    expect((await command.run(["stat", "s3://b/in/none"], offline)).code).toBe(3);
    const unknown = await command.run(["ls", "s3://b/"], offline);
    expect(unknown).toMatchObject({ code: 5, stderr: expect.stringContaining('entrepot cache pin "s3://b/"') });
    expect((await command.run(["offline", "status", "s3://b/other/"], offline)).code).toBe(5);
  });

  it("is let go by unpin", async () => {
    await command.run(["cache", "pin", "s3://b/in/"]);
    expect((await command.run(["cache", "unpin", "s3://b/in/"], offline)).stdout).toBe(
      "unpinned 3 objects, 29 B: s3://b/in/\n",
    );
    expect((await command.run(["offline", "status"], offline)).stdout).toMatch(/^nothing is pinned/);
    expect((await command.run(["cat", "s3://b/in/c.txt"], offline)).stdout).toBe("in/c.txt");
  });
});

it("what matches a pattern can be pinned, and a plan is only told", async () => {
  const plan = await command.run(["cache", "pin", "--dry-run", "--glob", "s3://b/**/*.csv"]);
  expect(plan).toMatchObject({ code: 0, stdout: "would fetch s3://b/in/a.csv\nwould fetch s3://b/in/deep/b.csv\n" });
  expect((await command.run(["offline", "status"])).stdout).toMatch(/^nothing is pinned/);
  await command.run(["cache", "pin", "--glob", "s3://b/**/*.csv"]);
  expect((await command.run(["offline", "status"])).stdout).toMatch(/^a list in s3:\/\/b\/: 2 of 2 ready/);
});

it("pinning offline is refused at once", async () => {
  const refused = await command.run(["cache", "pin", "s3://b/in/"], offline);
  expect(refused).toMatchObject({ code: 5, stdout: "", stderr: expect.stringContaining("entrepot offline status") });
});
