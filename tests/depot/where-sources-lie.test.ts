/** Sources that lie in their target, and sources behind links of this disk. */
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let world: string;
let s3: S3Server;
let data: Depot;
beforeEach(async () => {
  world = await mkdtemp(join(tmpdir(), "entrepot-"));
  s3 = await startS3Server({ buckets: ["b"] });
  data = entrepot({ ...s3.options, cache: { dir: join(world, "cache") }, env: {}, envFile: false });
});
afterEach(async () => {
  await data.close();
  await s3.close();
  await rm(world, { recursive: true });
});

describe.each(["s3://b/", "disk"])("in %s", (where) => {
  const root = () => (where === "disk" ? `${world}/files/` : where);
  const write = (...paths: readonly string[]) => Promise.all(paths.map((path) => data.writeText(root() + path, path)));
  const paths = async () => (await data.list(root()).toArray()).map(({ path }) => path).join(" ");

  test("what lies in the target folder is a source as any other, by address, in a list, by a pattern", async () => {
    await write("r/sub/one", "r/sub/two", "other", "q/x/y/deep");
    expect(await data.copy([`${root()}r/sub/one`, `${root()}other`], `${root()}r/`)).toMatchObject({
      copied: { objects: 2 },
    });
    await data.move(data.glob(`${root()}r/sub/t*`), `${root()}r/`);
    await data.copy(data.glob(`${root()}q/x/**`), `${root()}q/`);
    expect(await paths()).toBe("other q/x/y/deep q/y/deep r/one r/other r/sub/one r/two");
  });

  test("the contents of a folder go into the one above it", async () => {
    await write("r/sub/one", "r/sub/x/two");
    await data.copy(`${root()}r/sub/`, `${root()}r/`);
    expect(await paths()).toBe("r/one r/sub/one r/sub/x/two r/x/two");
    await data.move(`${root()}r/sub/`, root());
    expect(await paths()).toBe("one r/one r/x/two x/two");
  });

  test("a folder into one of its own leaves out what lies there, however often; so does a pattern", async () => {
    await write("one", "sub/two", "own/before");
    for (let round = 0; round < 2; round += 1) await data.copy(root(), `${root()}own/`);
    expect(await paths()).toBe("one own/before own/one own/sub/two sub/two");
    await data.copy(data.glob(`${root()}**`), `${root()}own/`);
    expect(await paths()).toBe("one own/before own/one own/sub/two sub/two");
  });
});

test.each(["copy", "move", "remove"] as const)(
  "a folder that %s takes for an object is named, with its way out",
  async (verb) => {
    await data.writeText("s3://b/in/src/one", "1");
    const done =
      verb === "remove" ? data.remove("s3://b/in/src", { recursive: true }) : data[verb]("s3://b/in/src", "s3://b/to");
    const uri = "s3://b/in/src";
    await expect(done).rejects.toMatchObject({
      code: "not-found",
      uri,
      message: expect.stringContaining(`${uri} is a folder`),
    });
  },
);

describe("links that lead out of a folder of this disk", () => {
  const inside = () => join(world, "inside");
  const outside = () => join(world, "outside");
  beforeEach(async () => {
    await Promise.all([inside(), outside()].map((folder) => mkdir(folder)));
    await writeFile(join(outside(), "precious"), "p");
    await writeFile(join(inside(), "own"), "o");
    await symlink(outside(), join(inside(), "link"));
    await symlink(join(outside(), "precious"), join(inside(), "file-link"));
  });
  const safe = async () => {
    expect(await readFile(join(outside(), "precious"), "utf8")).toBe("p");
    expect(await readdir(inside())).toEqual(["link"]);
  };

  test("remove nothing behind them: what lies there is named as failed, and a link to a file goes as a link", async () => {
    const report = await data.remove(`${inside()}/`, { recursive: true, onError: "ignore" });
    expect(report.failed.map(({ uri, error }) => [uri, error?.code])).toEqual([
      [`file://${inside()}/link/precious`, "unsafe-key"],
    ]);
    await safe();
  });

  test("do so for patterns", async () => {
    const report = await data.remove(data.glob(`${inside()}/**`), { onError: "ignore" });
    expect(report.failed.map(({ error }) => error?.code)).toEqual(["unsafe-key"]);
    await safe();
  });

  test("do so for moves, which have copied what they cannot take away", async () => {
    const report = await data.move(`${inside()}/`, "s3://b/moved/", { onError: "ignore" });
    expect(report.failed.map(({ error }) => error?.code)).toEqual(["unsafe-key"]);
    expect([...s3.objects("b").keys()]).toEqual(["moved/file-link", "moved/link/precious", "moved/own"]);
    await safe();
  });

  test("are followed by whoever names them", async () => {
    await data.remove(`${inside()}/link/`, { recursive: true });
    expect(await readdir(outside())).toEqual([]);
  });
});
