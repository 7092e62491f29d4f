import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import type { BuiltCommand } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;

beforeAll(async () => {
  ({ server, command, data } = await openShellWorld("globs"));
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});

describe("patterns", () => {
  const made = ["run1/x.csv", "run1/deep/y.csv", "run2/x.csv", "run2/z.txt", "top.csv", "a*.csv"];
  beforeEach(async () => {
    for (const key of made) await data.writeText({ bucket: "globs", key }, "1\n");
  });
  const keys = async () => (await data.list("s3://globs/").uris()).map((uri) => uri.slice("s3://globs/".length));

  it.each([
    [["ls", "s3://globs/*.csv"], "a*.csv\ntop.csv\n"],
    [["ls", "s3://globs/*"], "a*.csv\nrun1/\nrun2/\ntop.csv\n"],
    [["ls", "-r", "s3://globs/run*"], "run1/deep/y.csv\nrun1/x.csv\nrun2/x.csv\nrun2/z.txt\n"],
    [["ls", "-u", "s3://globs/*/"], "s3://globs/run1/\ns3://globs/run2/\n"],
    [["ls", "s3://globs/a[*].csv"], "a*.csv\n"],
    [["cat", "s3://globs/run?/x.csv"], "1\n1\n"],
    [["du", "s3://globs/**/*.csv"], `${"10".padStart(12)}  ${"5 objects".padStart(14)}  s3://globs/**/*.csv\n`],
    [
      ["du", "s3://globs/run*/"],
      ["run1", "run2"].map((run) => `${"4".padStart(12)}  ${"2 objects".padStart(14)}  s3://globs/${run}/\n`).join(""),
    ],
  ])("--glob %j", async ([verb = "", ...words], stdout) => {
    expect(await command.run([verb, "--glob", ...words])).toEqual({ code: 0, stdout, stderr: "" });
  });

  it.each(["cat", "ls", "rm", "du"])("%s --glob says when nothing matches", async (verb) => {
    const { code, stderr } = await command.run([verb, "--glob", "s3://globs/*.parquet"]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining("nothing matches s3://globs/*.par") });
  });

  it("cp copies what matches, each under its path below the last folder without a wildcard", async () => {
    const { code, stderr } = await command.run(["cp", "--glob", "s3://globs/run*/x.csv", "s3://globs/*.csv", "./got/"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("copied 4 objects") });
    expect((await readdir(path.join(command.home, "got"))).sort()).toEqual(["a*.csv", "run1", "run2", "top.csv"]);
    expect(await readdir(path.join(command.home, "got/run2"))).toEqual(["x.csv"]);
  });

  it("nothing is copied when one of several patterns matches nothing", async () => {
    const { code } = await command.run(["cp", "--glob", "s3://globs/*.csv", "s3://globs/*.parquet", "./none/"]);
    expect(code).toBe(3);
    await expect(readdir(path.join(command.home, "none"))).rejects.toThrow("ENOENT");
  });

  it("cp -r copies matching folders as themselves", async () => {
    expect((await command.run(["cp", "-r", "--glob", "s3://globs/run*", "./runs/"])).code).toBe(0);
    expect((await readdir(path.join(command.home, "runs"), { recursive: true })).sort()).toEqual([
      "run1",
      "run1/deep",
      "run1/deep/y.csv",
      "run1/x.csv",
      "run2",
      "run2/x.csv",
      "run2/z.txt",
    ]);
  });

  it("files of this machine match, too", async () => {
    await mkdir(path.join(command.home, "files"), { recursive: true });
    for (const name of ["1.csv", "2.csv", "3.txt"]) await writeFile(path.join(command.home, "files", name), name);
    expect((await command.run(["cp", "--glob", "./files/*.csv", "s3://globs/up/"])).code).toBe(0);
    expect(await data.list("s3://globs/up/").uris()).toEqual(["s3://globs/up/1.csv", "s3://globs/up/2.csv"]);
    await data.remove("s3://globs/up/", { recursive: true });
  });

  it("mv and rm change what matches and nothing else", async () => {
    expect((await command.run(["mv", "--glob", "s3://globs/run1/*.csv", "s3://globs/old/"])).code).toBe(0);
    expect(await keys()).toEqual(["a*.csv", "old/x.csv", "run1/deep/y.csv", "run2/x.csv", "run2/z.txt", "top.csv"]);
    expect((await command.run(["rm", "--glob", "s3://globs/**/x.csv"])).code).toBe(0);
    expect(await keys()).toEqual(["a*.csv", "run1/deep/y.csv", "run2/z.txt", "top.csv"]);
    expect((await command.run(["rm", "-r", "--glob", "s3://globs/run*"])).code).toBe(0);
    expect(await keys()).toEqual(["a*.csv", "top.csv"]);
  });

  it.each(["s3://globs/*", "s3://globs/**", "s3://globs/**/*"])("rm --glob %s asks twice", async (pattern) => {
    const { code, stderr } = await command.run(["rm", "-r", "--glob", pattern]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("--force") });
    expect((await keys()).sort()).toEqual([...made].sort());
  });

  it("without --glob a name is literal, and a missing one says how to ask for a pattern", async () => {
    expect((await command.run(["cat", "s3://globs/a*.csv"])).stdout).toBe("1\n");
    for (const words of [
      ["cp", "s3://globs/*.csv", "./dir/"],
      ["cp", "./*.nothing", "s3://globs/in/"],
      ["cat", "s3://globs/top.c[s]v"],
      ["rm", "s3://globs/{a,b}.csv"],
      ["ls", "s3://globs/?"],
    ]) {
      const { code, stderr } = await command.run(words);
      expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/^hint: .*--glob/m) });
    }
  });
});
