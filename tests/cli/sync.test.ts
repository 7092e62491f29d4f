/** `entrepot sync` as a process of its own. */
import { mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
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
  await rm(path.join(command.home, "tree"), { recursive: true, force: true });
  await mkdir(path.join(command.home, "tree/sub"), { recursive: true });
  await writeFile(path.join(command.home, "tree/a.txt"), "one");
  await writeFile(path.join(command.home, "tree/sub/b.txt"), "two");
  // a server tells whole seconds: what was written within the last one has to be read to be known again
  for (const name of ["a.txt", "sub/b.txt"]) await utimes(path.join(command.home, "tree", name), 1e9, 1e9);
});

describe("sync", () => {
  it("says what it copies and why, and the second time nothing but the sum", async () => {
    const first = await command.run(["sync", "tree", "s3://b/tree"]);
    expect(first).toMatchObject({ code: 0, stderr: expect.stringMatching(/^copied 2 objects, 6 B in .* s\n$/) });
    expect(first.stdout.split("\n").sort().filter(Boolean)).toEqual([
      `copied tree/a.txt -> s3://b/tree/a.txt: new`,
      `copied tree/sub/b.txt -> s3://b/tree/sub/b.txt: new`,
    ]);
    server.clearRequests();
    const second = await command.run(["sync", "--delete", "./tree/", "s3://b/tree/"]);
    expect(second).toMatchObject({ code: 0, stdout: "" });
    expect(second.stderr).toMatch(/^copied 0 objects, 0 B, 2 the same in .* s; compared 2 by time\n$/);
    expect(server.requests.map(({ operation }) => operation)).toEqual(["ListObjectsV2"]);
  });

  it("prints the same plan in a dry run, and each step as NDJSON", async () => {
    await command.run(["sync", "tree", "s3://b/tree"]);
    await data.writeText("s3://b/tree/extra", "x");
    await writeFile(path.join(command.home, "tree/a.txt"), "longer");
    const words = ["sync", "--delete", "--json", "tree", "s3://b/tree"];
    const steps = (text: string) =>
      parseLines(text).flatMap(({ type, uri, action, status, reason }) =>
        type === "file" ? [{ uri: String(uri).split("/").at(-1), action, status, reason }] : [],
      );
    const plan = await command.run([...words, "--dry-run"]);
    expect(steps(plan.stdout)).toEqual([
      { uri: "a.txt", action: "copy", status: "planned", reason: "size 3 → 6" },
      { uri: "b.txt", action: "skip", status: "planned", reason: "same size, not newer" },
      { uri: "extra", action: "remove", status: "planned", reason: "not in the source" },
    ]);
    expect(await data.readText("s3://b/tree/a.txt")).toBe("one");
    const { code, stdout } = await command.run(words);
    expect(code).toBe(0);
    const byName = (a: { readonly uri?: string | undefined }, b: typeof a) =>
      String(a.uri).localeCompare(String(b.uri));
    expect(steps(stdout).sort(byName)).toEqual(steps(plan.stdout).map((step) => ({ ...step, status: "done" })));
    expect(parseLines(stdout).at(-1)).toMatchObject({
      type: "summary",
      copied: { objects: 1, sizeBytes: 6 },
      removed: { objects: 1 },
      skipped: { objects: 1 },
      compared: { etag: 0, checksum: 0, time: 1, size: 1 },
      failed: 0,
    });
    expect(await data.exists("s3://b/tree/extra")).toBe(false);
  });

  it("removes nothing for a missing source, nor more than half of the target unless told", async () => {
    for (let index = 0; index < 20; index += 1) await data.writeText(`s3://b/tree/f${index}`, "x");
    const missing = await command.run(["sync", "--delete", "nowhere", "s3://b/tree"]);
    expect(missing).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/there is no folder .*nowhere.*\n.*nothing was changed/s),
    });
    const most = await command.run(["sync", "--delete", "tree", "s3://b/tree"]);
    expect(most).toMatchObject({ code: 1, stderr: expect.stringContaining("20 of the 20 objects") });
    expect(await data.usage("s3://b/")).toMatchObject({ objects: 20 });
    expect((await command.run(["sync", "--delete", "--max-delete", "19", "tree", "s3://b/tree"])).code).toBe(1);
    const told = await command.run(["sync", "--delete", "--max-delete", "100%", "tree", "s3://b/tree"]);
    expect(told).toMatchObject({ code: 0, stderr: expect.stringContaining("removed 20 objects") });
    expect(await data.list("s3://b/").uris()).toEqual(["s3://b/tree/a.txt", "s3://b/tree/sub/b.txt"]);
  });

  it("ends with a failure's own code when something failed, and names it", async () => {
    server.inject("PUT tree/a.txt 403 AccessDenied x1");
    const { code, stderr } = await command.run(["sync", "tree", "s3://b/tree"]);
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining("tree/a.txt") });
    expect(await data.exists("s3://b/tree/sub/b.txt")).toBe(true);
  });

  it("by checksum sees what times hide", async () => {
    await command.run(["sync", "tree", "s3://b/tree"]);
    await data.writeText("s3://b/tree/a.txt", "ONE");
    const auto = await command.run(["sync", "tree", "s3://b/tree"]);
    expect(auto).toMatchObject({ code: 0, stdout: "" });
    const exact = await command.run(["sync", "--by", "checksum", "tree", "s3://b/tree"]);
    expect(exact.stdout).toMatch(/a\.txt: CRC64NVME differs\n$/);
    expect(exact.stderr).toMatch(/1 the same in .*; compared 2 by checksum/);
  });

  it("down to this disk gives the object's time, so that nothing is fetched twice", async () => {
    await command.run(["sync", "tree", "s3://b/tree"]);
    expect((await command.run(["sync", "s3://b/tree", "copy"])).code).toBe(0);
    server.clearRequests();
    expect(await command.run(["sync", "s3://b/tree", "copy"])).toMatchObject({ code: 0, stdout: "" });
    expect(server.requests.map(({ operation }) => operation)).toEqual(["ListObjectsV2"]);
    expect(await readFile(path.join(command.home, "copy/sub/b.txt"), "utf8")).toBe("two");
  });

  it.each([
    [["sync", "tree"], /two|operand|usage/i],
    [["sync", "--by", "mtime", "tree", "s3://b/t"], /auto or checksum/],
    [["sync", "--max-delete", "half", "--delete", "tree", "s3://b/t"], /90%/],
    [["sync", "--max-delete", "5", "tree", "s3://b/t"], /--delete/],
    [["sync", "tree/sub", "tree"], /lies in the target/],
  ])("is refused as a mistake: %j", async (words, message) => {
    const { code, stderr } = await command.run(words);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });
});
