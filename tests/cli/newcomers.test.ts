/** What people who know other tools ask for first, and are told. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
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
  for (const key of ["in/a.csv", "in/src/b.csv", "in/src/c.txt"]) await data.writeText({ bucket: "b", key }, "12345");
});

describe("filters that leave nothing", () => {
  it.each([
    ["cp -r --older-than 1d s3://b/in/ ./old/", "nothing to copy: 3 objects are there, and none passes the filters"],
    ["mv -r --min-size 1MB s3://b/in/ ./old/", "nothing to move: 3 objects are there, and none passes"],
    ["sync --older-than 1d s3://b/in/ ./old/", "nothing to copy: 3 objects are there, and none passes"],
    ["rm -r --older-than 1d s3://b/in/", "nothing to remove: 3 objects are there, and none passes"],
    ["cp -r --exclude * --include *.csv s3://b/in/ ./old/", "whatever --include says and whichever stands first"],
    ["cp -r --include /none/x s3://b/in/ ./old/", "what is there does not pass the filters"],
    ["sync --include /none/x s3://b/in/ ./old/", "what is there does not pass the filters"],
  ])("%s is no failure, and says so", async (line, message) => {
    const { code, stdout, stderr } = await command.run(line.split(" "));
    expect([code, stdout, stderr]).toEqual([0, "", expect.stringContaining(message)]);
    expect(await data.usage("s3://b/")).toMatchObject({ objects: 3 });
  });

  it.each(["cp -r --older-than 1d", "mv -r --older-than 1d", "sync --older-than 1d"])(
    "%s of what is not there is one all the same",
    async (line) => {
      for (const source of ["s3://b/none/", "./none/"])
        expect((await command.run([...line.split(" "), source, "./old/"])).code).toBe(3);
    },
  );

  it("are counted for programs", async () => {
    const { stdout } = await command.run(["cp", "-r", "--json", "--exclude", "*", "s3://b/in/", "./old/"]);
    expect(parseLines(stdout)).toMatchObject([{ type: "summary", copied: { objects: 0 }, leftOut: 3 }]);
  });
});

describe("what is there already", () => {
  it("is said to exist by cp --no-clobber, once for each object", async () => {
    await writeFile(path.join(command.home, "a.csv"), "new");
    const one = await command.run(["cp", "--no-clobber", "a.csv", "s3://b/in/a.csv"]);
    expect([one.code, one.stderr]).toEqual([
      6,
      expect.stringMatching(/^error: .*s3:\/\/b\/in\/a\.csv exists already\nhint: leave --no-clobber out/),
    ]);
    const many = await command.run(["cp", "-r", "--no-clobber", "s3://b/in/src/", "s3://b/in/src2/"]);
    expect(many.code).toBe(0);
    const again = await command.run(["cp", "-r", "--no-clobber", "s3://b/in/src/", "s3://b/in/src2/"]);
    expect(again.code).toBe(6);
    for (const name of ["b.csv", "c.txt"])
      expect(again.stderr.split(new RegExp(`src2/${name}:? exists already`)).length).toBe(2);
    expect(again.stderr).not.toContain("412");
  });

  it("in the place of a folder is found before anything is written, and said once", async () => {
    await mkdir(path.join(command.home, "taken"));
    await writeFile(path.join(command.home, "taken/in"), "a file");
    for (const target of ["./taken", "./taken/in/", "./taken/in/deeper/"]) {
      const { code, stderr } = await command.run(["cp", "-r", "s3://b/in", target]);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/^error: (?:\.\/)?taken\/in cannot be a folder.*\nhint: .*\n$/),
      ]);
    }
    expect(await readdir(path.join(command.home, "taken"))).toEqual(["in"]);
  });
});

it("our own folders of jobs and of what was taken are not foreign to the cache", async () => {
  expect((await command.run(["cp", "--only-new", "s3://b/in/", "./only-new/"])).code).toBe(0);
  await mkdir(path.join(command.home, ".cache/entrepot/jobs"), { recursive: true });
  const { stdout } = await command.run(["cache", "stats"]);
  expect(stdout).toContain("objects");
  expect(stdout).not.toContain("foreign");
});

describe("a folder whose list of names says that they stand for other keys", () => {
  it.each(["cp -r", "sync", "sync --delete --max-delete 100%", "mv -r"])(
    "is refused by %s without --names map",
    async (line) => {
      for (const key of ["odd/a", "odd/a/b"]) await data.writeText({ bucket: "b", key }, "x");
      const held = path.join(command.home, "held");
      if (!(await readdir(command.home)).includes("held"))
        expect((await command.run(["cp", "-r", "--names", "map", "s3://b/odd/", held])).code).toBe(0);
      const { code, stderr } = await command.run([...line.split(" "), "held/", "s3://b/odd/"]);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(
          /held\/\.entrepot-names\.ndjson says that names .*\nhint: --names map .*--exclude \.entrepot/,
        ),
      ]);
      expect(await data.list("s3://b/odd/").uris()).toEqual(["s3://b/odd/a", "s3://b/odd/a/b"]);
      expect((await command.run(["sync", "--names", "map", "--delete", "held/", "s3://b/odd/"])).code).toBe(0);
      expect((await command.run(["sync", "--exclude", ".entrepot-names.ndjson", "held/", "s3://b/plain/"])).code).toBe(
        0,
      );
    },
  );
});

it("a folder that was named without its / says so to the library's readMany", async () => {
  await expect(data.readMany("s3://b/in/src").toArray()).rejects.toMatchObject({
    code: "not-found",
    message: "s3://b/in/src is a folder, no object",
    hint: expect.stringContaining("write s3://b/in/src/"),
  });
});

describe("rm of several", () => {
  it("is one plan with one limit and one sum; what is missing is said at the end", async () => {
    const limited = await command.run(["rm", "-r", "--max-requests", "1", "s3://b/in/src/", "s3://b/in/a.csv"]);
    expect([limited.code, limited.stderr]).toEqual([1, expect.stringContaining("requests")]);
    expect(await data.usage("s3://b/")).toMatchObject({ objects: 3 });
    const { code, stdout, stderr } = await command.run(["rm", "s3://b/in/a.csv", "s3://b/none", "s3://b/in/src/b.csv"]);
    expect([code, stdout.split("\n").sort()]).toEqual([
      3,
      ["", "removed s3://b/in/a.csv", "removed s3://b/in/src/b.csv"],
    ]);
    expect(stderr).toMatch(/^removed 2 objects, 10 B.*\nerror: there is nothing at s3:\/\/b\/none\nhint: with --force/);
    const rest = await command.run(["rm", "-r", "--json", "s3://b/in/src/", "s3://b/none/"]);
    expect(rest.code).toBe(3);
    expect(parseLines(rest.stdout).at(-1)).toMatchObject({ type: "summary", removed: { objects: 1 } });
    expect(await command.run(["rm", "--force", "s3://b/none", "s3://b/none2"])).toMatchObject({ code: 0 });
  });

  it("of a folder without -r says so, and nothing else", async () => {
    const { code, stdout, stderr } = await command.run(["rm", "s3://b/in/src"]);
    expect([code, stdout, stderr]).toEqual([
      2,
      "",
      "error: s3://b/in/src is a folder\nhint: add -r to remove all that lies in it\n",
    ]);
    expect((await command.run(["rm", "s3://b/none"])).stderr).toMatch(
      /^error: there is nothing at s3:\/\/b\/none\nhint:/,
    );
    expect((await command.run(["rm", "--glob", "s3://b/*.none", "s3://b/in/*.csv"])).code).toBe(3);
    expect(await data.exists("s3://b/in/a.csv")).toBe(false);
  });
});

describe("words of other tools", () => {
  it.each([
    ["find s3://b/ -name *.csv", "here it is --name GLOB"],
    ["find s3://b/ -type f", "here it is --type"],
    ["find s3://b/ -maxdepth 1", "here it is --max-depth N"],
    ["sync -r s3://b/in/ ./x/", "always goes all the way down"],
    ["sync --size-only s3://b/in/ ./x/", "--by size"],
    ["ls --no-sign-request s3://b/", "--anonymous"],
    ["cp -v s3://b/in/a.csv ./x", "--debug"],
    ["cp --concurrency 4 s3://b/in/a.csv ./x", "ENTREPOT_CONCURRENCY"],
  ])("%s is told what it is called here", async (line, said) => {
    const { code, stderr } = await command.run(line.split(" "));
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  });

  it.each([
    ["du --max-depth 1 s3://b/in/", "s3://b/in/src/"],
    ["find --depth 1 --kind object s3://b/in/", "s3://b/in/a.csv\n"],
    ["find --include *.txt --newer-than 1d s3://b/in/", "s3://b/in/src/c.txt\n"],
    ["find --min-size 1K s3://b/in/", ""],
    ["find --size=-1K --name b* s3://b/in/", "s3://b/in/src/b.csv\n"],
    ["tree --max-depth 1 s3://b/in/", "└── src/\n"],
    ["ls --max-depth 2 s3://b/in/", "src/c.txt\n"],
    ["ls --include *.csv s3://b/in/", "a.csv\nsrc/\n"],
    ["ls --include *.csv --exclude src/ s3://b/in/", "a.csv\n"],
    ["glob --exclude b.* s3://b/in/**/*.csv", "s3://b/in/a.csv\n"],
  ])("%s is understood", async (line, out) => {
    const { code, stdout, stderr } = await command.run(line.split(" "));
    expect([code, stderr]).toEqual([0, ""]);
    if (line.startsWith("du") || line.startsWith("tree") || line.startsWith("ls --max")) expect(stdout).toContain(out);
    else expect(stdout).toBe(out);
  });

  it("help shows one spelling of each, and what zarr takes", async () => {
    expect((await command.run(["find", "--help"])).stdout).not.toMatch(/--include|--depth|--newer-than/);
    expect((await command.run(["zarr", "--help"])).stdout).toContain(
      "usage: entrepot zarr tree [options] <address>...",
    );
    expect((await command.run(["cat", "--help"])).stdout).not.toContain("-r folders");
  });
});

it("ls of several heads each", async () => {
  const { stdout } = await command.run(["ls", "s3://b/in/src/", "s3://b/in/"]);
  expect(stdout).toBe("s3://b/in/src/:\nb.csv\nc.txt\n\ns3://b/in/:\na.csv\nsrc/\n");
});

it("a dry run that is quiet says its sum", async () => {
  const { stdout, stderr } = await command.run(["cp", "-r", "--dry-run", "-q", "s3://b/in/", "./dry/"]);
  expect([stdout, stderr]).toEqual(["", expect.stringMatching(/^would copy 3 objects, 15 B/)]);
});

describe("--files-from", () => {
  it.each(["/a.csv", "../a.csv", "s3://b/in/a.csv"])(
    "%s is no name below the folder: its line is said",
    async (name) => {
      await writeFile(path.join(command.home, "list.txt"), `src/b.csv\n\n${name}\n`);
      const { code, stderr } = await command.run(["cp", "--files-from", "list.txt", "s3://b/in/", "./listed/"]);
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining(`line 3 of list.txt of --files-from: ${name} does not`),
      ]);
    },
  );

  it("that is not there is said to be a list", async () => {
    const { code, stderr } = await command.run(["cp", "--files-from", "no.txt", "s3://b/in/", "./listed/"]);
    expect([code, stderr]).toEqual([3, expect.stringMatching(/there is no list no\.txt\nhint: --files-from/)]);
  });
});
