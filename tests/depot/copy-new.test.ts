import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CompleteWhen, CopyNewOptions, Depot, FileResult, NewFile, NewReport } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });
const paths = ({ newFiles }: NewReport) => newFiles.map(({ path }) => path);
const reasons = ({ incomplete }: NewReport) =>
  Object.fromEntries(incomplete.map(({ uri, reason }) => [uri.split("/in/")[1], reason]));

describe("what is new", () => {
  let bench: Awaited<ReturnType<typeof openS3>>;
  let data: Depot;
  let target: string;
  beforeEach(async () => {
    bench = await openS3(true);
    data = bench.data;
    target = `${join(bench.folder, "here")}/`;
  });
  afterEach(() => bench.close());
  const put = (key: string, text = key) =>
    data.with({ cache: false }).writeText({ bucket: "b", key: `in/${key}` }, text);
  const pull = (options?: CopyNewOptions) => data.copyNew("s3://b/in/", target, options);
  const operations = () => bench.s3.requests.map(({ operation }) => operation);

  test("is copied once: the next time one listing asks, and nothing is fetched", async () => {
    await put("a");
    await put("deep/b");
    const first = await pull();
    expect(first).toMatchObject({ copied: { objects: 2 }, unchanged: { objects: 0 }, incomplete: [], failed: [] });
    expect(first.newFiles).toEqual([
      {
        uri: "s3://b/in/a",
        path: "a",
        target: `file://${target}a`,
        etag: expect.any(String),
        sizeBytes: 1,
        reason: "new",
      },
      expect.objectContaining({ path: "deep/b", reason: "new" }),
    ]);
    expect(await readFile(join(target, "deep/b"), "utf8")).toBe("deep/b");
    bench.s3.clearRequests();
    expect(await pull()).toMatchObject({
      copied: { objects: 0 },
      newFiles: [],
      unchanged: { objects: 2, sizeBytes: 7 },
    });
    expect(operations()).toEqual(["ListObjectsV2"]);
  });

  test("is what came late, was replaced or comes between others; what was taken and removed here stays away", async () => {
    await put("a");
    await put("c");
    await pull();
    await rm(join(target, "a"));
    await put("b");
    await put("c", "other");
    bench.s3.clearRequests();
    const { newFiles } = await pull();
    expect(newFiles.map(({ path, reason }) => [path, reason])).toEqual([
      ["b", "new"],
      ["c", "changed"],
    ]);
    expect(operations().sort()).toEqual(["GetObject", "GetObject", "ListObjectsV2"]);
    expect((await readdir(target)).sort()).toEqual(["b", "c"]);
  });

  test("belongs to one source and one target", async () => {
    await put("a");
    await pull();
    const other = `${join(bench.folder, "there")}/`;
    expect(paths(await data.copyNew("s3://b/in", other))).toEqual(["a"]);
    expect(paths(await data.copyNew("s3://b/in/", "s3://b/out/"))).toEqual(["a"]);
    expect(await data.readText("s3://b/out/a")).toBe("a");
    expect(paths(await data.copyNew("s3://b/in", other))).toEqual([]);
    const state = join(bench.folder, "state");
    expect(paths(await pull({ state }))).toEqual(["a"]);
    await expect(data.copyNew("s3://b/in/", other, { state })).rejects.toEqual(code("misconfigured"));
  });

  test("is only said in a dry run", async () => {
    await put("a");
    const report = await pull({ dryRun: true });
    expect([report.dryRun, paths(report), report.copied.objects]).toEqual([true, ["a"], 1]);
    expect(paths(await pull())).toEqual(["a"]);
  });

  test("is chosen by the filters of every copy; what was left out comes when they let it", async () => {
    await put("a.csv");
    await put("b.txt");
    expect(paths(await pull({ include: "*.csv" }))).toEqual(["a.csv"]);
    expect(paths(await pull())).toEqual(["b.txt"]);
  });

  test("is handed over one after the other, and counts as taken then", async () => {
    for (const key of ["a", "b", "c"]) await put(key);
    const seen: string[] = [];
    const failing = pull({
      onNew: async ({ path, target: at }) => {
        seen.push(`${path}=${await data.readText(at)}`);
        if (seen.length === 2) throw new Error("no more");
      },
    });
    await expect(failing).rejects.toThrow("no more");
    const [once] = seen;
    const rest: NewFile[] = [];
    await pull({ onNew: (file) => void rest.push(file) });
    expect(rest.map(({ path }) => `${path}=${path}`).sort()).toEqual(
      ["a=a", "b=b", "c=c"].filter((each) => each !== once),
    );
    expect(paths(await pull())).toEqual([]);
  });

  test("that cannot be copied is a failure by its name, and comes the next time", async () => {
    await put("a");
    await put("b");
    bench.s3.inject("GetObject in/a 403 AccessDenied");
    await expect(pull()).rejects.toEqual(expect.objectContaining({ code: "forbidden", uri: "s3://b/in/a" }));
    bench.s3.inject("GetObject in/a 403 AccessDenied");
    const { failed } = await pull({ onError: "ignore" });
    expect(failed.map(({ uri }: FileResult) => uri)).toEqual(["s3://b/in/a"]);
    expect(paths(await pull())).toEqual(["a"]);
  });

  test("that is replaced while it is copied is taken whole, once, the next time", async () => {
    await put("a", "one");
    bench.s3.inject({ operation: "GetObject", key: "in/a", effect: { replaceWith: new TextEncoder().encode("two") } });
    const report = await pull();
    expect([paths(report), reasons(report)]).toEqual([[], { a: "was replaced or removed meanwhile" }]);
    expect(paths(await pull())).toEqual(["a"]);
    expect(await readFile(join(target, "a"), "utf8")).toBe("two");
    expect(paths(await pull())).toEqual([]);
  });

  test("is listed from the last on where its keys are in order, and never passes what was left", async () => {
    for (const day of ["2026-01-01", "2026-01-02"]) for (const n of [1, 2]) await put(`${day}/${n}`);
    expect(paths(await pull({ inOrder: true }))).toHaveLength(4);
    await put("2026-01-01/late");
    await put("2026-01-03/1");
    bench.s3.clearRequests();
    const next = await pull({ inOrder: true });
    expect([paths(next), next.unchanged.objects]).toEqual([["2026-01-03/1"], 0]);
    expect(bench.s3.requests[0]?.query["start-after"]).toBe("in/2026-01-02/2");
    for (const n of [2, 3, 4]) await put(`2026-01-03/${n}`);
    bench.s3.inject("GetObject in/2026-01-03/3 403 AccessDenied");
    expect(paths(await pull({ inOrder: true, onError: "ignore" }))).toEqual(["2026-01-03/2", "2026-01-03/4"]);
    expect(paths(await pull({ inOrder: true }))).toEqual(["2026-01-03/3"]);
    const completeWhen = { marker: "{name}.done" };
    await put("2026-01-04/1");
    expect(paths(await pull({ inOrder: true, completeWhen }))).toEqual([]);
    await put("2026-01-04/1.done");
    await put("2026-01-04/2");
    expect(paths(await pull({ inOrder: true, completeWhen }))).toEqual(["2026-01-04/1"]);
    // everything is listed again where that was not said
    expect(paths(await pull())).toContain("2026-01-01/late");
    for (const wrong of [{ marker: ".{name}.meta" }, { file: "_SUCCESS" }])
      await expect(pull({ inOrder: true, completeWhen: wrong as CompleteWhen })).rejects.toThrow(TypeError);
  });

  test("is taken by one process at a time", async () => {
    await put("a");
    let second: unknown;
    await pull({
      onNew: async () => {
        second = await pull().catch((error: unknown) => error);
      },
    });
    expect(second).toEqual(code("busy"));
    expect(paths(await pull())).toEqual([]);
  });

  describe("and complete", () => {
    test.each<readonly [CompleteWhen, readonly string[], readonly string[], Record<string, string>]>([
      [
        { marker: ".{name}.meta" },
        ["-early", "a", ".a.meta", "b", ".gone.meta", "deep/x", "deep/.x.meta", "deep/.y.meta", "z", ".-early.meta"],
        ["-early", "a", "deep/x"],
        {
          b: "has no marker .b.meta",
          z: "has no marker .z.meta",
          ".gone.meta": "marks gone, which is not there",
          "deep/.y.meta": "marks y, which is not there",
        },
      ],
      [
        { file: "_SUCCESS" },
        ["one/_SUCCESS", "one/A", "one/a", "one/deep/x", "two/a", "two/deep/_SUCCESS", "two/deep/b", "c"],
        ["one/A", "one/a", "one/deep/x", "two/deep/b"],
        { c: "there is no _SUCCESS in its folder or above", "two/a": "there is no _SUCCESS in its folder or above" },
      ],
    ])("by %j", async (completeWhen, keys, whole, waiting) => {
      for (const key of keys) await put(key);
      const report = await pull({ completeWhen });
      expect([paths(report), reasons(report)]).toEqual([whole, waiting]);
      const again = await pull({ completeWhen });
      expect([paths(again), reasons(again)]).toEqual([[], waiting]);
    });

    test("by a manifest of names or of sizes, in its folder or above", async () => {
      for (const key of ["a", "b", "deep/c", "deep/own/d", "deep/own/e", "stray"]) await put(key);
      await put("manifest.json", JSON.stringify({ files: ["a", { path: "b", size: 100 }, "deep/c", "gone"] }));
      await put("deep/own/manifest.json", JSON.stringify([{ uri: "s3://b/in/deep/own/d", sizeBytes: 10 }]));
      const report = await pull({ completeWhen: { manifest: "manifest.json" } });
      expect([paths(report), reasons(report)]).toEqual([
        ["a", "deep/c", "deep/own/d"],
        {
          b: "has 1 bytes, manifest.json says 100",
          "manifest.json": "names gone, which is not there",
          "deep/own/e": "no manifest.json in its folder or above names it",
          stray: "no manifest.json in its folder or above names it",
        },
      ]);
      await put("manifest.json", "{}");
      await expect(pull({ completeWhen: { manifest: "manifest.json" } })).rejects.toEqual(code("malformed"));
    });

    test("by the time since it was written", async () => {
      await mkdir(join(bench.folder, "local"));
      await writeFile(join(bench.folder, "local/a"), "x");
      const local = (stableFor: "0s" | "1h") =>
        data.copyNew(join(bench.folder, "local"), "s3://b/copied/", { completeWhen: { stableFor } });
      expect((await local("1h")).incomplete).toHaveLength(1);
      expect(paths(await local("0s"))).toEqual(["a"]);
    });

    test.each([
      [{ marker: "x.meta" }],
      [{ marker: "{name}" }],
      [{ file: "a/b" }],
      [{ manifest: "a/b" }],
      [{ stableFor: "soon" }],
      [{}],
      [{ file: "a", manifest: "b" }],
      [{ files: "a" }],
    ])("by what makes no sense is refused: %j", async (completeWhen) => {
      await expect(pull({ completeWhen: completeWhen as never })).rejects.toSatisfy(
        (error) => error instanceof TypeError || error instanceof RangeError,
      );
    });
  });

  test("reaches whoever waits for it exactly once and whole, however a writer and its markers come", async () => {
    // a writer that puts files in pieces of chance: the file and its marker in any order, some rewritten before they are marked
    let seed = 7;
    const chance = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const steps = Array.from({ length: 60 }, (_, n) => `${["", "x/", "y/z/"][chance(3)]}${chance(1000)}-${n}`).flatMap(
      (key) => {
        const at = key.lastIndexOf("/") + 1;
        const marker = () => put(`${key.slice(0, at)}.${key.slice(at)}.meta`, "");
        return [
          { when: chance(100), run: () => put(key, "half") },
          { when: 100 + chance(100), run: () => put(key, `whole ${key}`) },
          { when: 200 + chance(200), run: marker },
        ];
      },
    );
    const delivered: string[] = [];
    const completeWhen = { marker: ".{name}.meta" };
    const sorted = steps.sort((a, b) => a.when - b.when);
    for (const [n, { run }] of sorted.entries()) {
      await run();
      if (n % 9 !== 0 && n < sorted.length - 1) continue;
      await pull({
        completeWhen,
        onNew: async ({ path, target: at }) => {
          expect(await data.readText(at)).toBe(`whole ${path}`);
          delivered.push(path);
        },
      });
    }
    expect(new Set(delivered).size).toBe(60);
    expect(delivered).toHaveLength(60);
  });
});
