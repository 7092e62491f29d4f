/** What is copied or removed: lists, filters, names that this disk cannot hold; and what is said of failures. */
import { readdir, writeFile } from "node:fs/promises";
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
});

const write = (...keys: readonly string[]) => Promise.all(keys.map((key) => data.writeText({ bucket: "b", key }, key)));
const keysBelow = async (uri: string) => (await data.list(uri).toArray()).map((entry) => entry.path);
const files = async (folder: string) => (await keysBelow(`${path.join(command.home, folder)}/`)).join(" ");

describe("--files-from", () => {
  it("copies what a list names: addresses under their last names, names below a folder under their paths", async () => {
    await write("d/a", "d/x/b", "d/x/c+%20", "d/y");
    await writeFile(path.join(command.home, "full.txt"), "s3://b/d/a\r\n\r\ns3://b/d/x/b\r\n");
    expect((await command.run(["cp", "--files-from", "full.txt", "./full/"])).code).toBe(0);
    expect(await files("full")).toBe("a b");
    const input = "a\0x/c+%20\0";
    const { code } = await command.run(["cp", "-0", "--files-from", "-", "s3://b/d", "./rel/"], { input });
    expect([code, await files("rel")]).toEqual([0, "a x/c+%20"]);
    await command.run(["mv", "--files-from", "-", "s3://b/d/", "s3://b/moved/"], { input: "x/\ny\n" });
    expect(await keysBelow("s3://b/")).toEqual(["d/a", "moved/x/b", "moved/x/c+%20", "moved/y"]);
  });

  it("names what is missing, and copies the rest", async () => {
    await write("d/a");
    const { code, stderr } = await command.run(["cp", "--files-from", "-", "s3://b/d/", "./some/"], {
      input: "a\nno\n",
    });
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining("s3://b/d/no") });
    expect(await files("some")).toBe("a");
  });

  it("rm removes what a list names, and says what was not there", async () => {
    await write("d/a", "d/b", "d/c");
    const input = "a\nno\nb\n";
    const { code, stderr } = await command.run(["rm", "--files-from", "-", "s3://b/d/"], { input });
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining("there is nothing at s3://b/d/no") });
    expect(await keysBelow("s3://b/d/")).toEqual(["c"]);
    expect((await command.run(["rm", "--force", "--files-from", "-", "s3://b/d/"], { input })).code).toBe(0);
  });

  it("removes folders with their marks, or their marks alone, as rm -r does", async () => {
    await write("d/a", "d/e/x");
    for (const mark of ["d/", "d/e/"]) await data.writeBytes({ bucket: "b", key: mark }, new Uint8Array());
    const rm = (...words: string[]) => command.run(["rm", "--files-from", "-", ...words], { input: "d/\n" });
    expect(await rm("s3://b/")).toMatchObject({ code: 2, stderr: expect.stringContaining("add -r") });
    expect((await rm("-r", "--markers", "s3://b/")).code).toBe(0);
    const marks = () => Promise.all(["d/", "d/e/"].map((key) => data.exists({ bucket: "b", key })));
    expect([await keysBelow("s3://b/"), await marks()]).toEqual([
      ["d/a", "d/e/x"],
      [false, false],
    ]);
    await data.writeBytes({ bucket: "b", key: "d/e/" }, new Uint8Array());
    expect((await rm("-r", "s3://b/")).code).toBe(0);
    expect([await keysBelow("s3://b/"), await marks()]).toEqual([[], [false, false]]);
  });

  it.each([
    [["cp", "--files-from", "-", "s3://b/d/", "./new-name"], "write ./new-name/"],
    [["cp", "-0", "s3://b/d/a", "./x"], "--files-from FILE"],
    [["cp", "--files-from", "-", "a", "b", "c/"], "--files-from"],
    [["cp", "./only"], "target"],
    [["rm"], "usage"],
    [["rm", "-r", "--files-from", "-"], "--force"],
    [["rm", "-r", "--include", "**", "s3://b/"], "--force"],
    [["rm", "-r", "--match", ".", "s3://b/"], "--force"],
  ])("%j says how it is meant", async (words, hint) => {
    const { code, stderr } = await command.run(words, { input: "s3://b/\n" });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(hint) });
  });
});

describe("filters", () => {
  it("choose by name, size and age, in cp and rm", async () => {
    await write("d/a.csv", "d/a.txt", "d/tmp/b.csv", "d/x/c.csv");
    await data.writeText("s3://b/d/large.csv", "x".repeat(1_000));
    const cp = (...words: string[]) => command.run(["cp", "-r", ...words]);
    await cp("--include", "*.csv", "--exclude", "tmp/", "s3://b/d/", "./chosen/");
    expect(await files("chosen")).toBe("a.csv large.csv x/c.csv");
    await cp("--include", "a.*", "--include", "x/*", "--max-size", "10B", "s3://b/d/", "./two/");
    expect(await files("two")).toBe("a.csv a.txt x/c.csv");
    expect((await cp("--older-than", "1d", "s3://b/d/", "./old/")).code).toBe(0);
    expect((await cp("--newer-than", "1d", "--min-size", "1kB", "s3://b/d/", "./new/")).code).toBe(0);
    expect(await files("new")).toBe("large.csv");
    expect((await command.run(["rm", "-r", "--older-than", "1d", "s3://b/d/"])).code).toBe(0);
    expect((await command.run(["rm", "-r", "--exclude", "*.csv", "s3://b/d/"])).code).toBe(0);
    expect(await keysBelow("s3://b/d/")).toEqual(["a.csv", "large.csv", "tmp/b.csv", "x/c.csv"]);
  });

  it("choose what ls shows and du sums; leaving nothing is no failure where something is", async () => {
    await write("d/a.csv", "d/a.txt", "d/x/c.csv");
    const said = async (...words: string[]) => (await command.run(words)).stdout;
    expect(await said("ls", "-r", "--include", "*.csv", "s3://b/d/")).toBe("a.csv\nx/c.csv\n");
    expect(await said("ls", "--exclude", "x/", "--exclude", "*.txt", "--glob", "s3://b/d/*")).toBe("a.csv\n");
    expect(await said("du", "--include", "*.csv", "s3://b/d/")).toMatch(/^ +16 +2 objects/);
    expect(await command.run(["ls", "--include", "*.zip", "s3://b/d/x/"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect((await command.run(["ls", "--include", "*.zip", "s3://b/none/"])).code).toBe(3);
  });

  it.each([
    ["--min-size", "large"],
    ["--newer-than", "7"],
    ["--include", "a**b"],
  ])("%s %s is a mistake", async (...words) => {
    expect((await command.run(["cp", "-r", ...words, "s3://b/d/", "./x/"])).code).toBe(2);
  });
});

describe("names that this disk cannot hold", () => {
  it("are refused together, with the way out; --names map writes them, and restores the keys", async () => {
    await write("d/a", "d/a/b", "d/c//d", "d/e");
    const refused = await command.run(["cp", "-r", "s3://b/d/", "./held/"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /^error: 2 objects cannot .*\n {2}s3:\/\/b\/d\/a\/b: .*\n {2}s3:\/\/b\/d\/c\/\/d: .*\nhint: .*--names map/,
    );
    await expect(readdir(path.join(command.home, "held"))).rejects.toThrow("ENOENT");
    expect((await command.run(["cp", "-r", "--names", "map", "s3://b/d/", "./held/"])).code).toBe(0);
    expect((await command.run(["cp", "-r", "--names", "map", "./held/", "s3://b/back/"])).code).toBe(0);
    expect(await keysBelow("s3://b/back/")).toEqual(["a", "a/b", "c//d", "e"]);
  });
});

describe("failures", () => {
  it("are named in the last lines, at most a hundred; --json has them all; the rest is done", async () => {
    await write(...Array.from({ length: 105 }, (_, index) => `f/${index}`), "f/ok");
    const effect = { status: 403, code: "AccessDenied" } as const;
    server.inject({ operation: "GetObject", key: /f\/\d+$/, times: 2 * 105, effect });
    const { code, stderr } = await command.run(["cp", "-r", "s3://b/f/", "./failed/"]);
    expect(code).toBe(4);
    const lines = stderr.trim().split("\n");
    expect(lines.filter((line) => /^ {2}s3:\/\/b\/f\/\d+: .*\(forbidden\)$/.test(line))).toHaveLength(100);
    expect(lines.at(-2)).toBe("  and 5 more; --json names them all");
    expect(await files("failed")).toBe("ok");
    const json = await command.run(["cp", "-r", "--json", "s3://b/f/", "./failed/"]);
    const events = parseLines(json.stdout);
    expect(events.filter((event) => event["status"] === "failed" && event["error"] !== null)).toHaveLength(105);
    const [last] = parseLines(json.stderr).slice(-1);
    expect(last).toMatchObject({ type: "error", exitCode: 4 });
    expect(last?.["failures"]).toHaveLength(105);
  });

  it.each([
    [["cp", "-r"], "./some-failed/"],
    [["mv", "-r"], "./some-moved/"],
  ])("%j is not 0 when one failed", async (words, target) => {
    await write("g/a", "g/b");
    server.inject({ operation: "GetObject", key: "g/b", effect: { status: 403, code: "AccessDenied" } });
    const { code } = await command.run([...words, "s3://b/g/", target]);
    expect(code).toBe(4);
    expect(await keysBelow("s3://b/g/")).toContain("b");
  });
});
