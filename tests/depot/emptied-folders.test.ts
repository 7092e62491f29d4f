/** Folders of this disk that lose their last file: they go with it, and no other folder does. */
import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let world: string;
let tree: string;
let data: Depot;
beforeEach(async () => {
  world = await mkdtemp(join(tmpdir(), "entrepot-"));
  tree = join(world, "tree");
  data = entrepot({ cache: { dir: join(world, "cache") }, env: {}, envFile: false });
  for (const path of ["a/b/1", "a/b/2", "c/3", "4"]) await data.writeText(join(tree, path), path);
  await mkdir(join(tree, "empty/before"), { recursive: true });
  await mkdir(join(tree, "c/empty"));
});
afterEach(async () => {
  await data.close();
  await rm(world, { recursive: true });
});

/** Folders with a `/`, in order. */
async function left(at = tree): Promise<readonly string[]> {
  const found = await readdir(at, { recursive: true, withFileTypes: true });
  const names = found.map((entry) => `${join(entry.parentPath, entry.name)}${entry.isDirectory() ? "/" : ""}`);
  return names.map((name) => name.slice(at.length + 1)).sort();
}

const untouched = ["c/", "c/empty/", "empty/", "empty/before/"];

describe("a move", () => {
  test("takes the folders along that it emptied, and leaves those that were empty, and the one that was named", async () => {
    await data.move(`${tree}/`, "memory:///moved/");
    expect(await left()).toEqual(untouched);
  });

  test("to a server does, and a dry run does nothing", async () => {
    const s3 = await startS3Server({ buckets: ["b"] });
    const cloud = data.with(s3.options);
    const before = await left();
    await cloud.move(`${tree}/`, "s3://b/moved/", { dryRun: true });
    expect(await left()).toEqual(before);
    await cloud.move(`${tree}/`, "s3://b/moved/");
    expect([await left(), [...s3.objects("b").keys()]]).toEqual([
      untouched,
      ["moved/4", "moved/a/b/1", "moved/a/b/2", "moved/c/3"],
    ]);
    await cloud.close();
    await s3.close();
  });

  test("leaves them where that is asked for", async () => {
    await data.move(`${tree}/`, "memory:///moved/", { keepEmptyFolders: true });
    expect(await left()).toEqual(["a/", "a/b/", ...untouched]);
  });

  test("of one file, or of a list, leaves its folder", async () => {
    await data.move(join(tree, "a/b/1"), "memory:///moved/1");
    await data.move(data.glob(`${tree}/a/**`), "memory:///moved/");
    expect(await left()).toEqual(["4", "a/", "a/b/", "c/", "c/3", "c/empty/", "empty/", "empty/before/"]);
  });
});

describe("a sync that removes", () => {
  test("takes the folders away that it emptied, up to the target, which stays", async () => {
    await data.writeText("memory:///source/4", "4");
    await data.sync("memory:///source/", tree, { delete: true });
    expect(await left()).toEqual(["4", ...untouched]);
    await data.remove("memory:///source/4");
    await data.sync("memory:///source/", tree, { delete: true, deleteLimit: "100%" });
    expect(await left()).toEqual(untouched);
  });

  test("leaves them where that is asked for", async () => {
    await data.writeText("memory:///source/4", "4");
    await data.sync("memory:///source/", tree, { delete: true, keepEmptyFolders: true });
    expect(await left()).toEqual(["4", "a/", "a/b/", ...untouched]);
  });
});

describe("a removal", () => {
  test("of a folder takes all of it, the folder itself included", async () => {
    await data.remove(`${tree}/`, { recursive: true });
    expect((await readdir(world)).includes("tree")).toBe(false);
  });

  test("of a part of it leaves the folder, and those that were empty", async () => {
    await data.remove(`${tree}/`, { recursive: true, exclude: "4" });
    expect(await left()).toEqual(["4", ...untouched]);
    await data.remove(`${tree}/`, { recursive: true, include: "*" });
    expect(await left()).toEqual(untouched);
  });

  test("leaves the folders where that is asked for", async () => {
    await data.remove(`${tree}/`, { recursive: true, keepEmptyFolders: true });
    expect(await left()).toEqual(["a/", "a/b/", ...untouched]);
  });

  test("never takes the folder that the program stands in", async () => {
    const before = process.cwd();
    process.chdir(tree);
    const standing = entrepot({ cache: false, env: {}, envFile: false });
    try {
      await standing.remove("./", { recursive: true });
      expect(await left()).toEqual(untouched);
    } finally {
      process.chdir(before);
      await standing.close();
    }
  });

  test("through a link leaves the link and what it leads to", async () => {
    await data.writeText(join(world, "other/file"), "x");
    await symlink(join(world, "other"), join(world, "link"));
    await data.remove(`${join(world, "link")}/`, { recursive: true });
    expect((await readdir(world)).filter((name) => name !== "cache").sort()).toEqual(["link", "other", "tree"]);
  });

  test("that was interrupted is finished with its folders by the job", async () => {
    const stop = new AbortController();
    const slow = data.with({ concurrency: 1 });
    const stopped = slow.remove(`${tree}/`, { recursive: true, signal: stop.signal, onFile: () => stop.abort() });
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
    const [job] = await data.jobs.list();
    await data.jobs.resume(job?.id ?? "");
    expect((await readdir(world)).includes("tree")).toBe(false);
  });
});
