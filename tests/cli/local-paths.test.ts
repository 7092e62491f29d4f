/** How files of this machine are shown, and what `du` says of what is no folder. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import { type BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;
beforeAll(async () => {
  ({ server, command, data } = await openShellWorld("b"));
  await mkdir(path.join(command.home, "in/deep"), { recursive: true });
  await writeFile(path.join(command.home, "in/a b.csv"), "12345");
  await writeFile(path.join(command.home, "in/deep/ü.csv"), "1");
  await data.writeText("s3://b/d/obj", "123");
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});

describe("files of this machine", () => {
  it("are shown by their paths, as they were named, in what is copied, moved and removed", async () => {
    const run = async (...words: string[]) => (await command.run(words)).stdout;
    expect(await run("cp", "in/a b.csv", "s3://b/to/")).toBe("copied in/a b.csv -> s3://b/to/a b.csv\n");
    expect(await run("cp", "s3://b/d/obj", "./new one")).toBe("copied s3://b/d/obj -> ./new one\n");
    const absolute = path.join(command.home, "in/deep/");
    expect(await run("cp", "-r", `${absolute}`, "s3://b/deep/")).toBe(
      `copied ${path.join(absolute, "ü.csv")} -> s3://b/deep/ü.csv\n`,
    );
    expect(await run("mv", "./new one", "./moved")).toBe("copied ./new one -> ./moved\n".replace("copied", "moved"));
    expect(await run("rm", "moved")).toBe("removed moved\n");
  });

  it("reach other programs by find -0 and glob -0", async () => {
    const found = await command.shell("entrepot find in --type f -0 | xargs -0 wc -c");
    expect(found.stdout).toMatch(/5 in\/a b\.csv\n *1 in\/deep\/ü\.csv\n *6 total/);
    const matched = await command.shell("entrepot glob -0 'in/**/*.csv' | xargs -0 wc -c");
    expect(matched.stdout).toBe(found.stdout);
    expect((await command.shell("cd in && entrepot find --type f")).stdout).toBe("a b.csv\ndeep/ü.csv\n");
  });

  it("are addresses for programs", async () => {
    const [entry] = parseLines((await command.run(["find", "in", "--name", "*b.csv", "--json"])).stdout);
    expect(entry?.["uri"]).toBe(`file://${command.home}/in/a%20b.csv`);
  });

  it("are shown so in errors, too", async () => {
    const { stderr } = await command.run(["cat", "in/no such"]);
    expect(stderr).toContain("in/no such");
    expect(stderr).not.toContain("file:");
  });
});

describe("du", () => {
  it.each([
    ["s3://b/d/obj", 3, "s3://b/d/obj"],
    ["in/a b.csv", 5, "in/a b.csv"],
  ])("of %s is its size", async (address, size, shown) => {
    const { code, stdout } = await command.run(["du", address]);
    expect([code, stdout]).toEqual([0, `${String(size).padStart(12)}        1 object  ${shown}\n`]);
  });

  it.each(["s3://b/nothing/", "s3://b/none", "nolocal/", "nolocal"])(
    "of %s says that there is nothing",
    async (address) => {
      for (const more of [[], ["--depth", "1"], ["--include", "*.csv"]]) {
        const { code, stdout, stderr } = await command.run(["du", ...more, address]);
        expect([code, stdout, stderr]).toEqual([3, "", expect.stringContaining("there is nothing at")]);
      }
    },
  );

  it("of an empty folder, a bucket and what filters leave out is nothing, and no failure", async () => {
    await mkdir(path.join(command.home, "empty"), { recursive: true });
    for (const words of [["empty"], ["--include", "*.none", "s3://b/d/"]])
      expect(await command.run(["du", ...words])).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^ +0 +0 obj/),
      });
  });
});
