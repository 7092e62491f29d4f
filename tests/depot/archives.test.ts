/** Folders as archives and back, on every backend: what goes in comes out, all of it or nothing. */
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ArchiveFormat, Depot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backends, openS3 } from "./backends.ts";

const formats: readonly ArchiveFormat[] = ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"];
const long = `${"d".repeat(120)}/${"e".repeat(90)}/${"f".repeat(60)}.txt`;
/** Names that two disks may not agree on are here on purpose: this one holds them all. */
const tree: Readonly<Record<string, string | Uint8Array>> = {
  "a.txt": "one",
  "deep/er/b.bin": Uint8Array.from({ length: 70_000 }, (_, at) => (at * at) >>> 3),
  "deep/empty.txt": "",
  "größe/日本.txt": "two",
  "e\u0301.txt": "decomposed",
  "\u00e9.txt": "composed",
  "Data.csv": "upper",
  "data.csv": "lower",
  "a b+c%20.txt": "three",
  "-rf": "four",
  [long]: "five",
  __proto__: "six",
};

async function plant(folder: string, files: Readonly<Record<string, string | Uint8Array>> = tree): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Every file with its bytes, every empty folder, by path. */
async function contents(folder: string, path = ""): Promise<Record<string, string>> {
  const found: Record<string, string> = Object.create(null);
  const entries = await readdir(join(folder, path), { withFileTypes: true });
  if (entries.length === 0 && path !== "") found[`${path}/`] = "";
  for (const entry of entries) {
    const own = path === "" ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(found, await contents(folder, own));
    else found[own] = (await readFile(join(folder, own))).toString("base64");
  }
  return found;
}

describe.each(backends)("on $name", ({ open }) => {
  let bench: Awaited<ReturnType<typeof open>>;
  let data: Depot;
  let source: string;
  let target: string;
  beforeEach(async () => {
    bench = await open();
    ({ data } = bench);
    source = join(bench.folder, "source");
    target = join(bench.folder, "target");
    await mkdir(source);
  });
  afterEach(() => bench.close());

  test.each(formats)("a folder goes into %s and comes out as it was", async (format) => {
    await plant(source);
    await mkdir(join(source, "hollow"));
    await chmod(join(source, "-rf"), 0o755);
    const packed = await data.pack(source, `out/model.${format}`);
    expect(packed.copied.objects).toBe(Object.keys(tree).length);
    expect(packed.written).toMatchObject({ uri: data.resolve(`out/model.${format}`) });
    // which this disk tells apart, and others do not
    await expect(data.unpack(`out/model.${format}`, target)).rejects.toMatchObject({ code: "unrepresentable-name" });
    const unpacked = await data.unpack(`out/model.${format}`, target, { similarNames: "keep" });
    expect(unpacked.copied).toEqual(packed.copied);
    expect(await contents(target)).toEqual(await contents(source));
    expect((await stat(join(target, "-rf"))).mode & 0o777).toBe(0o755);
    expect((await stat(join(target, "a.txt"))).mode & 0o111).toBe(0);
    expect(await readdir(bench.folder)).toEqual(expect.not.arrayContaining([expect.stringMatching(/^\.entrepot/)]));
    const twice = await data.pack(source, `out/again.${format}`);
    expect(twice.written?.sizeBytes).toBe(packed.written?.sizeBytes);
    expect(await data.readBytes(`out/again.${format}`)).toEqual(await data.readBytes(`out/model.${format}`));
  });

  test("an empty folder is an archive, too", async () => {
    for (const format of ["zip", "tar.gz"]) {
      await data.pack(source, `empty.${format}`);
      const report = await data.unpack(`empty.${format}`, join(target, format));
      expect(report.copied).toEqual({ objects: 0, sizeBytes: 0 });
      expect(await readdir(join(target, format))).toEqual([]);
    }
  });

  test("a list shows what there is, and one member is read by its path", async () => {
    await plant(source, { "a.txt": "one", "deep/b.txt": "two", "größe.txt": "three" });
    for (const format of formats) {
      await data.pack(source, `m.${format}`, { modified: new Date(1_700_000_000_000) });
      await using archive = data.archive(`m.${format}`);
      const list = await archive.list().toArray();
      expect(list).toEqual([
        { path: "a.txt", kind: "file", sizeBytes: 3, modifiedMs: 1_700_000_000_000 },
        { path: "deep/b.txt", kind: "file", sizeBytes: 3, modifiedMs: 1_700_000_000_000 },
        { path: "größe.txt", kind: "file", sizeBytes: 5, modifiedMs: 1_700_000_000_000 },
      ]);
      expect(await archive.readText("deep/b.txt")).toBe("two");
      expect(await archive.readText("./größe.txt")).toBe("three");
      expect(Buffer.from(await archive.readBytes("a.txt")).toString()).toBe("one");
      await expect(archive.readBytes("b.txt")).rejects.toMatchObject({ code: "not-found" });
    }
  });
});

describe("what is packed and unpacked", () => {
  let bench: Awaited<ReturnType<typeof openS3>>;
  let data: Depot;
  let source: string;
  let target: string;
  beforeEach(async () => {
    bench = await openS3(false);
    ({ data } = bench);
    source = join(bench.folder, "source");
    target = join(bench.folder, "target");
    await plant(source, { "a.txt": "one", "deep/b.txt": "two" });
  });
  afterEach(() => bench.close());

  test.each<[string, string]>([
    ["m.tgz", "tar.gz"],
    ["m.TBZ2", "tar.bz2"],
    ["m.txz", "tar.xz"],
    ["m.v2.tar.gz", "tar.gz"],
  ])("%s is a %s", async (name, format) => {
    await data.pack(source, name);
    await data.unpack(name, target, { format: format as ArchiveFormat });
    expect(await contents(target)).toEqual(await contents(source));
  });

  test("a name that says no format is unsupported, and nothing is asked for", async () => {
    for (const name of ["m.7z", "m", "m.gz", ".zip", "zip"]) {
      await expect(data.pack(source, name)).rejects.toMatchObject({
        code: "unsupported",
        hint: expect.stringContaining("format"),
      });
      await expect(data.unpack(name, target)).rejects.toMatchObject({ code: "unsupported" });
    }
    expect(bench.s3.requests).toEqual([]);
    await data.pack(source, "m.bundle", { format: "tar.xz" });
    await data.unpack("m.bundle", target, { format: "tar.xz" });
    expect(await contents(target)).toEqual(await contents(source));
    await expect(data.pack(source, "m.zip", { format: "gztar" as never })).rejects.toThrow("write tar.gz");
  });

  test("the place of a pack may carry conditions", async () => {
    await data.pack(source, "m.zip", { ifNoneMatch: "*" });
    await expect(data.pack(source, "m.zip", { ifNoneMatch: "*" })).rejects.toMatchObject({ code: "already-exists" });
  });

  test("links are followed, but not round in circles", async () => {
    await symlink(join(source, "deep"), join(source, "linked"));
    await symlink(source, join(source, "deep", "up"));
    await data.pack(source, "m.zip");
    const list = await data.archive("m.zip").list().toArray();
    expect(list.map(({ path }) => path)).toEqual(["a.txt", "deep/b.txt", "linked/b.txt"]);
  });

  test("an archive that is made in its own folder is none of its files", async () => {
    await data.pack(source, join(source, "own.tar"));
    await data.pack(source, join(source, "own.tar"));
    const list = await data.archive(join(source, "own.tar")).list().toArray();
    expect(list.map(({ path }) => path)).toEqual(["a.txt", "deep/b.txt"]);
  });

  test("`match` chooses files, both ways", async () => {
    await data.pack(source, "all.tar");
    await data.pack(source, "some.tar", { match: /^deep\// });
    expect((await data.archive("some.tar").list().toArray()).map(({ path }) => path)).toEqual(["deep/b.txt"]);
    const report = await data.unpack("all.tar", target, { match: /a/ });
    expect(report.copied.objects).toBe(1);
    expect(Object.keys(await contents(target))).toEqual(["a.txt"]);
  });

  test("times are kept when asked, and brought back", async () => {
    const { utimes } = await import("node:fs/promises");
    await utimes(join(source, "a.txt"), 1_500_000_000, 1_500_000_000);
    for (const format of ["zip", "tar.gz"]) {
      await data.pack(source, `kept.${format}`, { modified: "keep" });
      await data.unpack(`kept.${format}`, join(target, format));
      expect((await stat(join(target, format, "a.txt"))).mtimeMs).toBe(1_500_000_000_000);
      await data.pack(source, `fixed.${format}`);
      await data.unpack(`fixed.${format}`, join(target, `fixed-${format}`));
      expect((await stat(join(target, `fixed-${format}`, "a.txt"))).mtimeMs).toBeGreaterThan(1_700_000_000_000);
    }
  });

  test("a dry run says what would happen, and changes nothing", async () => {
    const planned = await data.pack(source, "m.zip", { dryRun: true });
    expect(planned).toMatchObject({ dryRun: true, written: undefined, copied: { objects: 2, sizeBytes: 6 } });
    expect(bench.s3.requests).toEqual([]);
    await data.pack(source, "m.zip");
    const files: string[] = [];
    const told = await data.unpack("m.zip", target, { dryRun: true, onFile: ({ target: to }) => files.push(to ?? "") });
    expect(told).toMatchObject({ dryRun: true, copied: { objects: 2, sizeBytes: 6 } });
    expect(files).toEqual([`file://${target}/a.txt`, `file://${target}/deep/b.txt`]);
    await expect(stat(target)).rejects.toThrow();
  });

  test("progress is told in bytes and files, up to the end", async () => {
    const seen: { doneObjects: number; totalObjects: number | undefined; doneBytes: number }[] = [];
    const onProgress = (progress: (typeof seen)[number]) => seen.push(progress);
    await data.pack(source, "m.tar.gz", { onProgress });
    expect(seen.at(-1)).toMatchObject({ doneObjects: 2, totalObjects: 2, doneBytes: 6, totalBytes: 6 });
    await data.unpack("m.tar.gz", target, { onProgress });
    expect(seen.at(-1)).toMatchObject({ doneObjects: 2, doneBytes: 6 });
  });

  test("a folder that holds something is not-empty, and stays as it was", async () => {
    await data.pack(source, "m.zip");
    await plant(target, { "old.txt": "old", "deep/c.txt": "other" });
    const before = await contents(target);
    bench.s3.clearRequests();
    await expect(data.unpack("m.zip", target)).rejects.toMatchObject({
      code: "not-empty",
      hint: expect.stringContaining("existing"),
    });
    expect(bench.s3.requests).toEqual([]);
    expect(await contents(target)).toEqual(before);
    await data.unpack("m.zip", target, { existing: "merge" });
    expect(await contents(target)).toEqual({ ...before, ...(await contents(source)) });
    await data.unpack("m.zip", target, { existing: "replace" });
    expect(await contents(target)).toEqual(await contents(source));
  });

  test("merging follows no link that lies in the target", async () => {
    await data.pack(source, "m.zip");
    const outside = join(bench.folder, "outside");
    await mkdir(outside);
    await mkdir(target);
    await symlink(outside, join(target, "deep"));
    await expect(data.unpack("m.zip", target, { existing: "merge" })).rejects.toMatchObject({ code: "unsafe-key" });
    expect(await readdir(outside)).toEqual([]);
    expect(await readdir(target)).toEqual(["deep"]);
  });

  test("merging replaces a link in place of a file, not what it leads to", async () => {
    await data.pack(source, "m.zip");
    const outside = join(bench.folder, "outside.txt");
    await writeFile(outside, "mine");
    await mkdir(target);
    await symlink(outside, join(target, "a.txt"));
    await data.unpack("m.zip", target, { existing: "merge" });
    expect(await readFile(outside, "utf8")).toBe("mine");
    expect(await readFile(join(target, "a.txt"), "utf8")).toBe("one");
  });

  test("a file where the archive has a folder keeps everything as it was", async () => {
    await data.pack(source, "m.tar");
    await plant(target, { deep: "a file", "x.txt": "x" });
    const before = await contents(target);
    await expect(data.unpack("m.tar", target, { existing: "merge" })).rejects.toMatchObject({ code: "not-empty" });
    expect(await contents(target)).toEqual(before);
  });

  test("what fails leaves neither archive nor folder", async () => {
    const abort = new AbortController();
    const pack = data.pack(source, "m.zip", { signal: abort.signal, onFile: () => abort.abort(new Error("enough")) });
    await expect(pack).rejects.toThrow("enough");
    await expect(data.stat("m.zip")).rejects.toMatchObject({ code: "not-found" });
    await data.pack(source, "m.zip");
    const again = new AbortController();
    const unpack = data.unpack("m.zip", target, {
      signal: again.signal,
      onFile: () => again.abort(new Error("enough")),
    });
    await expect(unpack).rejects.toThrow("enough");
    expect((await readdir(bench.folder)).sort()).toEqual(["source"]);
    await expect(data.unpack("nothing.zip", target)).rejects.toMatchObject({ code: "not-found" });
    expect((await readdir(bench.folder)).sort()).toEqual(["source"]);
    await expect(data.pack(join(bench.folder, "none"), "m.zip")).rejects.toMatchObject({ code: "not-found" });
    await expect(data.pack(join(source, "a.txt"), "m.zip")).rejects.toMatchObject({ code: "io" });
  });
});
