/** Several objects as files side by side, through every kind of store. */
import { lstat, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Depot, entrepot, type Progress } from "entrepot";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Bench, backends, openS3 } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });

/** What the depots of a test have left among temporary files, below their own folders. */
let temporary = "";
async function leftovers(): Promise<string[]> {
  const folders = (await readdir(temporary)).filter((name) => /^entrepot-[0-9a-f]{8}-/.test(name));
  return (await Promise.all(folders.map((name) => readdir(join(temporary, name))))).flat();
}
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "entrepot-folders-"));
  vi.stubEnv("TMPDIR", temporary);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true, force: true });
});

describe.each(backends)("a local folder of $name", ({ open }) => {
  let bench: Bench;
  let data: Depot;

  beforeEach(async () => {
    bench = await open();
    data = bench.data;
    await data.writeText("set/reads.bam", "data");
    await data.writeText("set/reads.bam.bai", "index");
    await data.writeText("set/deep/er/c.txt", "c");
    await data.writeText("other/d.txt", "d");
  });
  afterEach(() => bench.close());

  test.each(["link", "copy"] as const)("holds every object of a folder under its own path (%s)", async (files) => {
    const folder = await data.localFolder("set/", { files });
    expect(basename(folder.path)).toBe("set");
    expect(folder.files.map(({ name }) => name)).toEqual(["deep/er/c.txt", "reads.bam", "reads.bam.bai"]);
    for (const file of folder.files) {
      expect(file.path).toBe(join(folder.path, file.name));
      expect(await readFile(file.path, "utf8")).toBe(await data.readText(file.uri));
      expect(file.etag).toBe((await data.stat(file.uri)).etag);
      expect((await lstat(file.path)).isSymbolicLink()).toBe(files === "link");
    }
    await folder.close();
    await expect(readdir(folder.path)).rejects.toMatchObject({ code: "ENOENT" });
    expect(await data.readText("set/reads.bam")).toBe("data");
  });

  test("holds a list of addresses under their last names, and the callback form closes by itself", async () => {
    const given = ["set/reads.bam", "other/d.txt", "other/d.txt"];
    const path = await data.localFolder(given, async (inside, signal) => {
      expect(signal.aborted).toBe(false);
      expect((await readdir(inside)).sort()).toEqual(["d.txt", "reads.bam"]);
      return inside;
    });
    await expect(readdir(path)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("holds what a listing or a glob gives, or what matches", async () => {
    const names = async (from: Parameters<Depot["localFolder"]>[0], match?: RegExp) => {
      await using folder = await data.localFolder(from, { match });
      return folder.files.map(({ name }) => name);
    };
    expect(await names(data.list("set/"))).toEqual(["deep/er/c.txt", "reads.bam", "reads.bam.bai"]);
    expect(await names(data.glob("set/*.bai"))).toEqual(["reads.bam.bai"]);
    expect(await names("set/", /bam$/)).toEqual(["reads.bam"]);
    expect(await names("set/reads.bam")).toEqual(["reads.bam"]);
  });

  test("has an ETag that changes with any of its files", async () => {
    const etag = async () => {
      await using folder = await data.localFolder("set/");
      return folder.etag;
    };
    const before = await etag();
    expect(await etag()).toBe(before);
    await data.writeText("set/reads.bam.bai", "index 2");
    expect(await etag()).not.toBe(before);
  });

  test("is refused when there is nothing to hold", async () => {
    await expect(data.localFolder("none/")).rejects.toEqual(code("not-found"));
    await expect(data.localFolder([])).rejects.toEqual(code("not-found"));
    await expect(data.localFolder("set")).rejects.toThrow(/is a folder, no object/);
  });

  test("is all or nothing: one object that is not there leaves no folder", async () => {
    await expect(data.localFolder(["set/reads.bam", "set/gone"])).rejects.toEqual(code("not-found"));
    expect(await leftovers()).toEqual([]);
  });

  test("options are closed, and the words of the two forms are the same", async () => {
    await expect(data.localFolder("set/", { files: "hardlink" } as never)).rejects.toThrow(/files of localFolder/);
    await expect(data.localFolder("set/", () => 1, { file: "copy" } as never)).rejects.toThrow(/did you mean files/);
    await expect(data.localFolder("set/", { onError: "ignore" } as never)).rejects.toThrow(TypeError);
  });
});

describe("a local folder in front of S3", () => {
  let bench: Awaited<ReturnType<typeof openS3>>;
  let data: Depot;
  let other: Depot;
  const gets = () =>
    bench.s3.requests.filter(({ method, query }) => method === "GET" && query["list-type"] === undefined);

  beforeEach(async () => {
    bench = await openS3(true);
    data = bench.data;
    other = entrepot({ ...bench.s3.options, cache: false, env: {}, envFile: false });
    for (const key of ["a", "b", "c"]) await other.writeText(`s3://b/set/${key}.txt`, key.repeat(1000));
    bench.s3.clearRequests();
  });
  afterEach(async () => {
    await other.close();
    await bench.close();
  });

  test("fetches each object once, confirms it the second time, and is held while it is open", async () => {
    const first = await data.localFolder("s3://b/set/");
    expect(gets().map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await realpath(join(first.path, "a.txt"))).toContain(data.cache.dir);
    await data.cache.clear();
    expect(await readFile(join(first.path, "a.txt"), "utf8")).toBe("a".repeat(1000));
    await first.close();
    await data.cache.clear();
    expect((await data.cache.stats()).objects).toBe(0);
  });

  test("copies stay what they are when the cache is emptied under them", async () => {
    await using folder = await data.localFolder("s3://b/set/", { files: "copy" });
    await data.cache.clear();
    expect((await data.cache.stats()).objects).toBe(0);
    expect(await readFile(join(folder.path, "b.txt"), "utf8")).toBe("b".repeat(1000));
  });

  test("is made of copies offline, of a list as of nothing that is not here", async () => {
    const uris = ["s3://b/set/a.txt", "s3://b/set/b.txt"];
    for (const uri of uris) await data.readText(uri);
    const offline = data.with({ network: "offline" });
    bench.s3.clearRequests();
    await using folder = await offline.localFolder(uris);
    expect(await readFile(join(folder.path, "b.txt"), "utf8")).toBe("b".repeat(1000));
    await expect(offline.localFolder([...uris, "s3://b/set/c.txt"])).rejects.toEqual(code("not-cached"));
    expect(bench.s3.requests).toEqual([]);
  });

  test.each([
    ["a name twice", ["x/n.txt", "y/n.txt"], "already-exists", /would both be n\.txt/],
    ["a file where a folder has to be", ["p", "p/q"], "unrepresentable-name", /would lie in a folder of that name/],
    ["a name that leaves the folder", ["../up.txt"], "unsafe-key", /leaves its folder/],
    ["a name that no file has", ["two//slashes"], "unrepresentable-name", /empty/],
  ])("refuses %s before it fetches anything", async (_, keys, wanted, message) => {
    for (const key of keys) await other.writeText({ bucket: "b", key: `bad/${key}` }, "x");
    bench.s3.clearRequests();
    const from = wanted === "already-exists" ? keys.map((key) => ({ bucket: "b", key: `bad/${key}` })) : "s3://b/bad/";
    const refused = data.localFolder(from);
    await expect(refused).rejects.toEqual(code(wanted));
    await expect(refused).rejects.toThrow(message);
    expect(gets()).toEqual([]);
    expect((await data.cache.stats()).objects).toBe(0);
  });

  test("names every object that cannot lie there, not only the first", async () => {
    for (const key of ["../a", "../b", "fine"]) await other.writeText({ bucket: "b", key: `bad/${key}` }, "x");
    const error = await data.localFolder("s3://b/bad/").catch((caught) => caught);
    expect(error.message).toMatch(/2 objects cannot lie in one folder/);
    expect(error.failures.map(({ uri }: { uri: string }) => uri)).toEqual(["s3://b/bad/../a", "s3://b/bad/../b"]);
  });

  test("an object that goes between listing and fetch fails all of it", async () => {
    async function* listed() {
      for await (const entry of data.list("s3://b/set/")) yield entry;
      await other.remove("s3://b/set/b.txt");
    }
    await expect(data.localFolder(listed())).rejects.toEqual(code("not-found"));
  });

  test("an abort leaves nothing, and rejects with its reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const onProgress = () => controller.abort(reason);
    await expect(data.localFolder("s3://b/set/", { signal: controller.signal, onProgress })).rejects.toBe(reason);
    expect(await leftovers()).toEqual([]);
  });

  test("tells how far all of it is", async () => {
    const told: Progress[] = [];
    await using _ = await data.localFolder("s3://b/set/", { onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toMatchObject({ doneObjects: 3, totalObjects: 3, doneBytes: 3000, totalBytes: 3000 });
  });

  test("goes when the depot is closed, if it was forgotten", async () => {
    const forgetful = entrepot({ ...bench.s3.options, cache: { dir: data.cache.dir }, env: {}, envFile: false });
    const { path } = await forgetful.localFolder("s3://b/set/");
    await forgetful.close();
    await expect(readdir(path)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("mixes this disk with servers", async () => {
    const local = join(bench.folder, "index.txt");
    await writeFile(local, "of this disk");
    await using folder = await data.localFolder([local, "s3://b/set/a.txt"]);
    expect(await realpath(join(folder.path, "index.txt"))).toBe(await realpath(local));
    expect((await readdir(folder.path)).sort()).toEqual(["a.txt", "index.txt"]);
  });
});
