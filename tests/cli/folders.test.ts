import { mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltCommand } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;

beforeAll(async () => {
  server = await startS3Server({ buckets: ["b", "moves", "whole"] });
  command = await BuiltCommand.build({
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
  });
  data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
  for (const key of ["notes.txt", "data/a.csv", "data/2024/b.csv", "data.csv.gz"])
    await data.writeText({ bucket: "b", key }, "x");
  for (const key of ["in/a", "in/.a.meta", "in/b", "in/deep/c", "in/deep/.c.meta"])
    await data.writeText({ bucket: "moves", key }, `${key}\n`);
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});

describe("ls", () => {
  it("without an address lists the root in force, else the working folder", async () => {
    const root = await command.run(["ls"], { env: { ENTREPOT_ROOT_LOCAL: "s3://b/data/" } });
    expect(root).toEqual({ code: 0, stdout: "2024/\na.csv\n", stderr: "" });
    const { code, stdout } = await command.shell("mkdir -p here/sub && cd here && touch a sub/b && entrepot ls");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "a\nsub/\n" });
  });

  it("an empty folder of this machine is there", async () => {
    await mkdir(path.join(command.home, "empty"));
    expect(await command.run(["ls", "./empty"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("a folder of this machine that is there", () => {
  beforeAll(async () => {
    await mkdir(path.join(command.home, "there/sub"), { recursive: true });
    await writeFile(path.join(command.home, "there/sub/b.txt"), "B");
    await symlink("there", path.join(command.home, "link"));
  });

  it.each([
    [["cp", "s3://b/notes.txt", "./there"], "there/notes.txt"],
    [["cp", "s3://b/notes.txt", "there"], "there/notes.txt"],
    [["cp", "s3://b/data/a.csv", "s3://b/notes.txt", "./link"], "there/a.csv"],
    [["cp", "-r", "s3://b/data", "./there"], "there/data/2024/b.csv"],
    [["cp", "-r", "s3://b/data/", "./there"], "there/2024/b.csv"],
    [["mv", "s3://moves/into", "./there"], "there/into"],
    [["cp", "--glob", "s3://b/*.gz", "./there"], "there/data.csv.gz"],
  ])("takes what is copied, without its /: %j", async (words, file) => {
    await data.writeText("s3://moves/into", "x");
    expect((await command.run(words)).code).toBe(0);
    expect((await stat(path.join(command.home, file))).isFile()).toBe(true);
    await rm(path.join(command.home, file));
  });

  it.each([
    ["cp", "./there/sub", "s3://moves/folder"],
    ["mv", "there/sub", "s3://moves/folder/"],
    ["rm", "./there/sub"],
  ])("is no source without -r: %s %s", async (...words) => {
    const { code, stderr } = await command.run(words);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("add -r") });
    expect(await readFile(path.join(command.home, "there/sub/b.txt"), "utf8")).toBe("B");
  });
});

it.each(["cat", "head", "stat", "path"])("%s of a folder says that it is one", async (verb) => {
  const folders = ["s3://b/data", "./there", ...(verb === "cat" ? [] : ["s3://b/data/"])];
  for (const folder of folders) {
    const { code, stderr } = await command.run([verb, folder]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/is a folder, no object\nhint: .*ls/) });
  }
});

describe("cat", () => {
  it("of a folder with its / writes all that lies in it, in the order of the keys", async () => {
    const stdout = "in/.a.meta\nin/a\nin/b\nin/deep/.c.meta\nin/deep/c\n";
    expect(await command.run(["cat", "s3://moves/in/"])).toEqual({ code: 0, stdout, stderr: "" });
  });

  it("says what is missing, and writes the rest in order", async () => {
    const words = ["cat", "s3://moves/in/b", "s3://b/gone", "s3://b/none/", "s3://moves/in/deep/"];
    const { code, stdout, stderr } = await command.run(words);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "in/b\nin/deep/.c.meta\nin/deep/c\n" });
    expect(stderr).toContain("s3://b/gone");
    expect(stderr).toContain("there is nothing below s3://b/none/");
  });
});

describe("cp --only-new", () => {
  const words = ["cp", "--only-new", "--when-marked", ".{name}.meta", "s3://moves/in/", "./new/"];

  it("copies what is complete and new, says what waits, and the next time nothing", async () => {
    const { code, stdout, stderr } = await command.run(words);
    expect({ code, lines: stdout.split("\n").sort() }).toEqual({
      code: 0,
      lines: [
        "",
        `copied s3://moves/in/a -> ./new/a`,
        `copied s3://moves/in/deep/c -> ./new/deep/c`,
        "waits s3://moves/in/b: has no marker .b.meta",
      ],
    });
    expect(stderr).toContain("copied 2 objects");
    await data.writeText("s3://moves/in/.b.meta", "");
    const again = await command.run(["--json", ...words]);
    expect(
      again.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { type: "file", uri: "s3://moves/in/b", action: "copy", status: "done" },
      { type: "summary", copied: { objects: 1 }, unchanged: { objects: 2 } },
    ]);
  });

  it.each([
    [["--when-marked", ".{name}.meta", "--when-file", "_SUCCESS"], "one of"],
    [["--glob"], "--only-new"],
    [["--no-clobber"], "--only-new"],
  ])("%j is refused", async (more, message) => {
    const { code, stderr } = await command.run(["cp", "--only-new", ...more, "s3://moves/in/", "./new/"]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });

  it("is what --when-marked is for", async () => {
    const { code, stderr } = await command.run(["cp", "--when-marked", ".{name}.meta", "s3://moves/in/", "./new/"]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("add --only-new") });
  });
});

describe("cp --only-new of nothing", () => {
  it("says that nothing is there so far, and that an object is no folder", async () => {
    const nothing = await command.run(["cp", "--only-new", "s3://b/none-yet/", "./new-none/"]);
    expect(nothing.code).toBe(0);
    expect(nothing.stdout).toContain("nothing lies in s3://b/none-yet/ so far");
    await data.writeText("s3://b/one-object", "1");
    const object = await command.run(["cp", "--only-new", "s3://b/one-object", "./new-none/"]);
    expect(object).toMatchObject({ code: 2, stderr: expect.stringContaining("s3://b/one-object is an object") });
  });
});

describe("rm -r", () => {
  it("takes a folder without its /, and the object of the same name", async () => {
    for (const key of ["same", "same/x", "samesame"]) await data.writeText({ bucket: "moves", key }, "x");
    expect((await command.run(["rm", "-r", "s3://moves/same"])).code).toBe(0);
    expect(await data.glob("s3://moves/same*").uris()).toEqual(["s3://moves/samesame"]);
  });

  it("of a bucket without a / is one of a bucket with it", async () => {
    await data.writeText("s3://whole/x", "x");
    expect((await command.run(["rm", "-r", "s3://whole"])).code).toBe(2);
    expect((await command.run(["rm", "-r", "--force", "s3://whole"])).code).toBe(0);
    expect(await data.list("s3://whole").uris()).toEqual([]);
  });
});
