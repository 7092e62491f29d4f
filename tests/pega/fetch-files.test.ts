import { mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "entrepot";
import { type FetchedFiles, pegaRepository } from "entrepot/pega";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPegaWorld, type PegaWorld } from "./world.ts";

const keys = ({ files }: FetchedFiles) => files.map(({ key }) => key);
const states = ({ files }: FetchedFiles) => Object.fromEntries(files.map(({ key, status }) => [key, status]));
const error = (code: string) => expect.objectContaining({ name: "EntrepotError", code });

describe("files of a Pega repository", () => {
  let world: PegaWorld;
  beforeEach(async () => {
    world = await openPegaWorld();
  });
  afterEach(() => world.close());

  test("lie at downloadDir/<key>, in the order of their keys, for a raw prefix and at any depth", async () => {
    const there = ["path/to/files_002.json", "path/to/files_001.json", "path/to/files/a/b/c.json", "path/to/files2/x"];
    for (const key of [...there, "path/to/other", "path/files"]) await world.put(key);
    const got = await world.pega.fetchFiles("path/to/files");
    expect(keys(got)).toEqual([...there].sort());
    expect(got).toMatchObject({ uri: "s3://testbucket/path/to/files", fetched: 4, skipped: 0 });
    expect(got.summary).toBe("Completed path/to/files. Imported 4 files, skipped 0 files.");
    for (const { key, path, status, uri } of got.files) {
      expect(path).toBe(join(world.downloadDir, key));
      expect(await readFile(path, "utf8")).toBe(key);
      expect([status, uri]).toEqual(["new", `s3://testbucket/${key}`]);
    }
  });

  test("that are here are asked for by one listing, and by no GET", async () => {
    for (let n = 0; n < 30; n += 1) await world.put(`in/f${n}`);
    const first = await world.pega.fetchFiles("in/f");
    world.operations();
    const again = await world.pega.fetchFiles("in/f");
    expect(world.operations()).toEqual(["ListObjectsV2"]);
    expect(again.summary).toBe("Completed in/f. Imported 0 files, skipped 30 files.");
    expect(again.files).toEqual(first.files.map((file) => ({ ...file, status: "present" })));
    // who comes later, with settings of its own, knows it as well
    const other = pegaRepository(world.data, "s3://testbucket", { downloadDir: world.downloadDir });
    expect((await other.fetchFiles("in/f")).skipped).toBe(30);
  });

  test("that are new, were replaced, cut off, written over or removed here are fetched, and no others", async () => {
    for (const key of ["a", "b", "c", "d", "e"]) await world.put(`in/${key}`, `12345${key}`);
    const { files } = await world.pega.fetchFiles("in/");
    const pathOf = (name: string) => files.find(({ key }) => key === `in/${name}`)?.path ?? "";
    await world.put("in/a", "67890a");
    await truncate(pathOf("b"), 3);
    await writeFile(pathOf("c"), "other!");
    await world.put("in/new");
    await rm(pathOf("d"));
    const got = await world.pega.fetchFiles("in/");
    expect(states(got)).toEqual({
      "in/a": "new",
      "in/b": "new",
      "in/c": "new",
      "in/d": "new",
      "in/e": "present",
      "in/new": "new",
    });
    expect(got.summary).toBe("Completed in/. Imported 5 files, skipped 1 files.");
    expect(world.operations().filter((operation) => operation === "GetObject").length).toBe(5);
    for (const name of ["b", "c", "d", "e"]) expect(await readFile(pathOf(name), "utf8")).toBe(`12345${name}`);
    expect(await readFile(pathOf("a"), "utf8")).toBe("67890a");
  });

  test("that lay here before, from whatever tool, are not believed", async () => {
    await world.put("in/a", "right");
    await mkdir(join(world.downloadDir, "in"), { recursive: true });
    await writeFile(join(world.downloadDir, "in/a"), "wrong");
    expect((await world.pega.fetchFiles("in/")).fetched).toBe(1);
    expect(await readFile(join(world.downloadDir, "in/a"), "utf8")).toBe("right");
  });

  test("are none where nothing lies; a bucket that is none is told", async () => {
    const none = await world.pega.fetchFiles("nothing/here");
    expect(none).toMatchObject({ files: [], fetched: 0, skipped: 0, incomplete: [], unmarked: [] });
    expect(none.summary).toBe("Completed nothing/here. Imported 0 files, skipped 0 files.");
    const missing = pegaRepository(world.data, "s3://no-such-bucket/", { downloadDir: world.downloadDir });
    await expect(missing.fetchFiles("x")).rejects.toEqual(error("not-found"));
  });

  test("are not the keys by which folders are marked, and not markers of files", async () => {
    for (const key of ["in/", "in/sub/", "in/sub/f", "in/.g.meta", "in/sub/.f.meta", "in/g"]) await world.put(key, "x");
    expect(keys(await world.pega.fetchFiles("in/"))).toEqual(["in/g", "in/sub/f"]);
    expect(await readdir(join(world.downloadDir, "in"))).toEqual(["g", "sub"]);
  });

  test("are those with markers, at every depth, when markers count; what is not whole is told", async () => {
    const marks = (key: string) => key.replace(/([^/]*)$/, ".$1.meta");
    const whole = ["files_1.json", "in/files_1.json", "in/files/deep/er/x.json", "in/files/.hidden", "in/files.meta"];
    for (const key of whole) {
      await world.put(key);
      await world.put(marks(key), "{}");
    }
    await world.put("in/files_2.json");
    await world.put("in/files/unmarked");
    await world.put(marks("in/files_3.json"), "{}");
    await world.put(marks("in/files/deep/gone"), "{}");
    await world.put("in/.filesystem/.x.meta", "{}");
    const got = await world.pega.fetchFiles("in/files", { useMetaFiles: true });
    expect(keys(got)).toEqual(whole.slice(1).sort());
    expect(got.incomplete).toEqual([
      {
        uri: "s3://testbucket/in/.files_3.json.meta",
        path: "in/.files_3.json.meta",
        reason: "marks files_3.json, which is not there",
      },
      expect.objectContaining({ path: "in/files/deep/.gone.meta", reason: "marks gone, which is not there" }),
    ]);
    expect(got.unmarked).toEqual([
      expect.objectContaining({ path: "in/files/unmarked", reason: "has no marker .unmarked.meta" }),
      expect.objectContaining({ path: "in/files_2.json" }),
    ]);
    expect(got.summary).toBe("Completed in/files. Imported 4 files, skipped 0 files.");
    // a prefix without a folder, and one that is nothing but a folder
    expect(keys(await world.pega.fetchFiles("files", { useMetaFiles: true }))).toEqual(["files_1.json"]);
    world.operations();
    expect((await world.pega.fetchFiles("in/", { useMetaFiles: true })).skipped).toBe(4);
    expect(world.operations()).toEqual(["ListObjectsV2"]);
    await world.pega.fetchFiles("in/files", { useMetaFiles: true });
    expect(world.operations()).toEqual(["ListObjectsV2", "ListObjectsV2"]);
  });

  test("are none where there are only markers", async () => {
    await world.put("in/.a.meta", "{}");
    await world.put("in/.meta", "a file of its own");
    const got = await world.pega.fetchFiles("in/", { useMetaFiles: true });
    expect(got).toMatchObject({ files: [], incomplete: [{ path: "in/.a.meta" }], unmarked: [{ path: "in/.meta" }] });
  });

  test("with hostile keys lie below the folder, each with its own bytes, and are known again", async () => {
    const hostile = [
      "../../outside",
      "in/../up",
      "in//empty",
      "/absolute",
      "in/new\nline",
      "in/Case",
      "in/case",
      "in/a",
      "in/a/b",
      `in/${"long".repeat(100)}`,
      "in/%2e%2e/x",
      "in/trick\\..\\..\\x",
      ".entrepot-pega/files.ndjson",
      ".entrepot-names.ndjson",
      "in/ümläut+plus space",
    ];
    for (const key of hostile) await world.put(key);
    const got = await world.pega.fetchFiles("");
    expect(keys(got).sort()).toEqual([...hostile].sort());
    for (const { key, path } of got.files) {
      expect(path.startsWith(`${world.downloadDir}/`)).toBe(true);
      expect(await readFile(path, "utf8")).toBe(key);
    }
    expect(got.files.find(({ key }) => key === "in/case")?.path).toBe(join(world.downloadDir, "in/case"));
    expect((await readdir(world.folder)).sort()).toEqual(["cache", "s3_download"]);
    world.operations();
    const again = await world.pega.fetchFiles("");
    expect(again).toMatchObject({ fetched: 0, skipped: hostile.length });
    expect(again.files.map(({ path }) => path)).toEqual(got.files.map(({ path }) => path));
    expect(world.operations()).toEqual(["ListObjectsV2"]);
  });

  test("come again for a file that a folder has to give way to", async () => {
    await world.put("in/a", "file");
    const first = await world.pega.fetchFiles("in/a");
    await world.put("in/a/b", "below");
    const [file, below] = (await world.pega.fetchFiles("in/a")).files;
    expect(file).toEqual({ ...first.files[0], status: "present" });
    expect(await readFile(below?.path ?? "", "utf8")).toBe("below");
  });

  test("of a fetch that was aborted are kept, and the next one goes on", async () => {
    for (let n = 0; n < 40; n += 1) await world.put(`in/f${String(n).padStart(2, "0")}`);
    const stopper = new AbortController();
    const stopped = world.pega.fetchFiles("in/", {
      signal: stopper.signal,
      onProgress: ({ doneObjects }) => doneObjects >= 5 && stopper.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
    const rest = await world.pega.fetchFiles("in/");
    expect(rest.skipped).toBeGreaterThanOrEqual(5);
    expect(rest.fetched + rest.skipped).toBe(40);
    expect(await world.data.jobs.list()).toEqual([]);
  });

  test("of several fetches at the same time are all remembered", async () => {
    const prefixes = ["a", "b", "c", "d", "e"];
    for (const prefix of prefixes) for (const n of [1, 2, 3]) await world.put(`in/${prefix}${n}`);
    const fetchAll = () => Promise.all(prefixes.map((prefix) => world.pega.fetchFiles(`in/${prefix}`)));
    await fetchAll();
    world.operations();
    expect((await fetchAll()).map(({ skipped }) => skipped)).toEqual([3, 3, 3, 3, 3]);
    expect(new Set(world.operations())).toEqual(new Set(["ListObjectsV2"]));
  });

  test("that fail are told with all others tried", async () => {
    for (const key of ["in/a", "in/b", "in/c"]) await world.put(key);
    world.s3.inject("GET s3://testbucket/in/b 403 AccessDenied always");
    await expect(world.pega.fetchFiles("in/")).rejects.toEqual(error("forbidden"));
    expect((await readdir(join(world.downloadDir, "in"))).sort()).toEqual(["a", "c"]);
  });

  test("of two buckets in one folder are never taken for each other", async () => {
    await world.put("in/a", "one");
    await world.data.createBucket("s3://otherbucket");
    await world.data.writeText("s3://otherbucket/in/a", "two");
    const other = pegaRepository(world.data, "s3://otherbucket/", { downloadDir: world.downloadDir });
    for (const [repository, text] of [
      [world.pega, "one"],
      [other, "two"],
      [world.pega, "one"],
    ] as const) {
      const { files } = await repository.fetchFiles("in/");
      expect(await readFile(files[0]?.path ?? "", "utf8")).toBe(text);
    }
  });

  test("tell their progress, with what there is to do", async () => {
    for (const key of ["in/a", "in/b"]) await world.put(key);
    const told: Progress[] = [];
    await world.pega.fetchFiles("in/", { onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toMatchObject({ doneObjects: 2, totalObjects: 2 });
  });

  test("of a repository on this disk or in memory are copied as well", async () => {
    await mkdir(join(world.folder, "exports/in"), { recursive: true });
    await writeFile(join(world.folder, "exports/in/a"), "here");
    await world.data.writeText("memory:///exports/in/a", "there");
    for (const [folder, key] of [
      [join(world.folder, "exports"), "in/a"],
      ["memory:///exports/", "exports/in/a"],
    ] as const) {
      const local = pegaRepository(world.data, folder, { downloadDir: join(world.folder, "local") });
      const { files } = await local.fetchFiles("in/");
      expect(files).toMatchObject([{ key, status: "new", path: join(world.folder, "local", key) }]);
      expect((await local.fetchFiles("in/")).skipped).toBe(1);
    }
  });

  test("that only look older are not fetched for that, but one whose time was changed is", async () => {
    await world.put("in/a", "text");
    const [file] = (await world.pega.fetchFiles("in/")).files;
    const path = file?.path ?? "";
    expect((await stat(path)).size).toBe(4);
    await utimes(path, 1, 1);
    expect((await world.pega.fetchFiles("in/")).fetched).toBe(1);
  });
});
