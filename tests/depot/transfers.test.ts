import { execFile } from "node:child_process";
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { type Depot, entrepot, type FileResult, type Progress } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backends, openS3 } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });

describe("transfers, as the server sees them", () => {
  let bench: Awaited<ReturnType<typeof openS3>>;
  let data: Depot;
  beforeEach(async () => {
    bench = await openS3(true);
    data = bench.data;
  });
  afterEach(() => bench.close());
  const operations = () => bench.s3.requests.map(({ operation }) => operation);

  test("a copy within a server moves no bytes through this process, with a cache in front, too", async () => {
    await data.writeText("a", "x");
    bench.s3.clearRequests();
    await data.copy("a", "b");
    expect(operations().filter((operation) => operation !== "HeadObject")).toEqual(["CopyObject"]);
    await data.copy("", "s3://b/other/");
    expect(operations().filter((operation) => operation === "GetObject")).toEqual([]);
    expect(await data.readText("s3://b/other/b")).toBe("x");
  });

  test("a copy that the server takes no more in one request is made of parts, and still moves no bytes", async () => {
    const bytes = new Uint8Array(3_000_000).fill(7);
    await data.writeBytes("large", bytes, { contentType: "text/csv", metadata: { origin: "here" } });
    bench.s3.inject({ operation: "CopyObject", effect: { status: 400, code: "EntityTooLarge" } });
    bench.s3.clearRequests();
    const { written } = await data.copy("large", "copied");
    expect(operations()).toEqual([
      "HeadObject",
      "HeadObject",
      "CopyObject",
      "CreateMultipartUpload",
      "UploadPartCopy",
      "UploadPartCopy",
      "CompleteMultipartUpload",
    ]);
    expect(Buffer.compare(await data.readBytes("copied"), bytes)).toBe(0);
    expect(written?.etag).toBe((await data.stat("copied")).etag);
    const [create] = bench.s3.requests.filter(({ operation }) => operation === "CreateMultipartUpload");
    expect(create?.headers).toMatchObject({ "content-type": "text/csv", "x-amz-meta-origin": "here" });
  });

  test("what a listing or glob removes is gone from the cache, too", async () => {
    await data.writeText("gone/a", "x");
    await data.remove(data.list("gone/"));
    await expect(data.with({ network: "offline" }).readText("gone/a")).rejects.toEqual(code("not-cached"));
  });

  test("an offline copy of a glob is served from the cache", async () => {
    await data.writeText("kept.txt", "x");
    const entries = await data.list("").toArray();
    const target = `${join(bench.folder, "offline")}/`;
    const offline = data.with({ network: "offline" });
    await offline.copy(
      entries.map((entry) => entry.uri),
      target,
    );
    expect(await readFile(join(target, "kept.txt"), "utf8")).toBe("x");
  });

  test("a move takes and removes just the version that it saw", async () => {
    await data.writeText("m/a", "one");
    bench.s3.clearRequests();
    await data.move("m/a", "m/b");
    const [deletion] = bench.s3.requests.filter(({ operation }) => operation === "DeleteObject");
    expect(deletion?.headers["if-match"]).toMatch(/"/);
  });

  test("a file of this disk gets the content type that its name says", async () => {
    await writeFile(join(bench.folder, "page.html"), "<p>");
    await data.copy(join(bench.folder, "page.html"), "page.html");
    const [put] = bench.s3.requests.filter(({ operation }) => operation === "PutObject");
    expect(put?.headers["content-type"]).toBe("text/html; charset=utf-8");
  });

  test("removing or moving what can only be read fails before anything is asked", async () => {
    await expect(data.remove("http://127.0.0.1:9/x")).rejects.toEqual(code("unsupported"));
    await expect(data.move("http://127.0.0.1:9/x", "y")).rejects.toEqual(code("unsupported"));
    expect(bench.s3.requests).toEqual([]);
  });

  test("progress tells bytes on their way and the total once it is known", async () => {
    const big = new Uint8Array(3_000_000);
    await data.writeBytes("big/a", big);
    await data.writeBytes("big/b", big);
    const told: Progress[] = [];
    await data.copy("big/", `${join(bench.folder, "big")}/`, { onProgress: (progress) => told.push(progress) });
    expect(told.some(({ doneBytes, doneObjects }) => doneObjects === 0 && doneBytes > 0)).toBe(true);
    expect(told.at(-1)).toMatchObject({ doneObjects: 2, totalObjects: 2, doneBytes: 6_000_000, totalBytes: 6_000_000 });
    expect(told.every(({ doneBytes }, index) => doneBytes >= (told[index - 1]?.doneBytes ?? 0))).toBe(true);
  });

  test("one refused object fails alone, and the error names it", async () => {
    for (const key of ["d/a", "d/b", "d/c"]) await data.writeText(key, key);
    bench.s3.inject({ method: "DELETE", key: /d\/b$/, effect: { status: 403, code: "AccessDenied" } });
    const error = (await data.remove("d/", { recursive: true }).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ code: "forbidden", failures: [{ code: "forbidden", uri: "s3://b/root/d/b" }] });
    expect((await data.list("d/").toArray()).map((entry) => entry.path)).toEqual(["b"]);
  });

  test("an abort ends a folder's copy with its reason, and leaves no half file", async () => {
    for (let index = 0; index < 20; index++) await data.writeBytes(`n/${index}`, new Uint8Array(100_000));
    const stop = new AbortController();
    const reason = new Error("enough");
    const target = join(bench.folder, "n");
    const copying = data.with({ concurrency: 1 }).copy("n/", `${target}/`, {
      signal: stop.signal,
      onFile: () => stop.abort(reason),
    });
    await expect(copying).rejects.toBe(reason);
    for (const entry of await data.list(`${target}/`).toArray()) expect(entry.sizeBytes).toBe(100_000);
  });
});

describe.each(backends)("transfers on $name", ({ open }) => {
  let bench: Awaited<ReturnType<typeof open>>;
  let data: Depot;
  beforeEach(async () => {
    bench = await open();
    data = bench.data;
  });
  afterEach(() => bench.close());

  test("a folder inside a list wants to be meant as well", async () => {
    await data.writeText("f/a", "x");
    await expect(data.remove(["f/"])).rejects.toThrow(/recursive/);
    await expect(data.remove(["missing", data.resolve("f/")])).rejects.toThrow(/recursive/);
    expect(await data.exists("f/a")).toBe(true);
    expect((await data.remove(["f/"], { recursive: true })).removed.objects).toBe(1);
  });

  test("the folders of a listing are no objects", async () => {
    await data.writeText("f/a/b", "x");
    const folders = data.list("f/", { kind: "folder" });
    await expect(data.remove(folders)).rejects.toMatchObject({
      code: "invalid-address",
      failures: [code("invalid-address")],
    });
    expect(await data.exists("f/a/b")).toBe(true);
  });

  test("a lost condition of the target is the target's, and is not tried again", async () => {
    const { etag } = await data.writeText("t", "1");
    await data.writeText("t", "2");
    await data.writeText("s", "x");
    await expect(data.copy("s", "t", { ifMatch: etag })).rejects.toEqual(code("precondition-failed"));
    expect(await data.readText("t")).toBe("2");
  });

  test("compress and decompress change the bytes and the suffix, for folders, too", async () => {
    await data.writeText("z/a.csv", "h\n1\n");
    expect((await data.copy("z/a.csv", "packed/", { compress: "gzip" })).written?.uri).toBe(
      data.resolve("packed/a.csv.gz"),
    );
    expect(gunzipSync(await data.readBytes("packed/a.csv.gz")).toString()).toBe("h\n1\n");
    await data.copy("packed/", "plain/", { decompress: true });
    expect(new TextDecoder().decode(await data.readBytes("plain/a.csv"))).toBe("h\n1\n");
    const plan = await data.copy("z/", "planned/", { compress: "gzip", dryRun: true });
    expect(plan.copied.objects).toBe(1);
    await expect(data.copy("z/none.csv", "y/", { compress: "gzip", dryRun: true })).rejects.toEqual(code("not-found"));
    expect((await data.copy("z/none.csv", "y/", { compress: "gzip", onError: "ignore" })).failed).toHaveLength(1);
  });

  test("two sources that would become one object fail, and neither replaces the other", async () => {
    await data.writeText("p/same", "1");
    await data.writeText("q/same", "2");
    const report = await data.copy(["p/same", "q/same"], "r/", { onError: "ignore" });
    expect(report.failed.map((file) => file.error?.code)).toEqual(["already-exists"]);
    expect(report.copied.objects).toBe(1);
  });

  test("what a listener throws is its own failure", async () => {
    await data.writeText("l/a", "x");
    const files: FileResult[] = [];
    const listening = data.copy("l/a", "l/b", {
      onFile: (file) => {
        files.push(file);
        throw new TypeError("listener");
      },
    });
    await expect(listening).rejects.toThrow("listener");
    expect(files).toHaveLength(1);
  });
});

test("names are read under one root and changed under the other", async () => {
  const bench = await openS3(false);
  try {
    const { s3, folder } = bench;
    await mkdir(join(folder, "in"));
    const data = entrepot({
      ...s3.options,
      roots: { x: { read: "s3://b/in/", write: "s3://b/out/" } },
      location: "x",
      cache: false,
      env: {},
      envFile: false,
    });
    await data.writeText("s3://b/in/a", "in");
    await data.copy("a", "a");
    expect(await data.readText("s3://b/out/a")).toBe("in");
    await data.remove("a");
    expect(await data.exists("s3://b/in/a")).toBe(true);
    expect(await data.exists("s3://b/out/a")).toBe(false);
    await data.close();
  } finally {
    await bench.close();
  }
});

describe("what a copy must not do", () => {
  let bench: Awaited<ReturnType<typeof openS3>>;
  let data: Depot;
  beforeEach(async () => {
    bench = await openS3(false);
    data = bench.data;
  });
  afterEach(() => bench.close());

  test("a folder goes into one of its own once, not for ever; onto itself it does not go", async () => {
    for (const name of ["a", "b", "z"]) await data.writeText(`x/${name}`, name);
    const paths = async (folder: string) => (await data.list(folder).toArray()).map((entry) => entry.path);
    expect((await data.copy("x/", "x/sub/")).copied.objects).toBe(3);
    expect((await data.copy("x/", "x/sub/")).copied.objects).toBe(3);
    expect(await paths("x/")).toEqual(["a", "b", "sub/a", "sub/b", "sub/z", "z"]);
    expect((await data.move("x/", "x/sub/")).copied.objects).toBe(3);
    expect(await paths("x/")).toEqual(["sub/a", "sub/b", "sub/z"]);
    expect((await data.copy(data.list("x/"), "x/list/")).copied.objects).toBe(3);
    await expect(data.copy("x/", "x/")).rejects.toEqual(code("invalid-address"));
  });

  test("a link that is there already leads no file out of the target", async () => {
    const { folder } = bench;
    await mkdir(join(folder, "outside"));
    await mkdir(join(folder, "target"));
    await symlink(join(folder, "outside"), join(folder, "target", "sub"));
    await data.writeText("t/sub/evil", "x");
    await data.writeText("t/deep/sub/fine", "x");
    const report = await data.copy("t/", `${join(folder, "target")}/`, { onError: "ignore" });
    expect(report.failed.map((file) => file.error?.code)).toEqual(["unsafe-key"]);
    expect(await readdir(join(folder, "outside"))).toEqual([]);
    expect(await readFile(join(folder, "target", "deep", "sub", "fine"), "utf8")).toBe("x");
    await symlink(join(folder, "outside"), join(folder, "linked"));
    await data.copy("t/", `${join(folder, "linked")}/`);
    expect((await readdir(join(folder, "outside"))).sort()).toEqual(["deep", "sub"]);
  });

  test("a device or pipe is not replaced by a file", async () => {
    await promisify(execFile)("mkfifo", [join(bench.folder, "pipe")]);
    await data.writeText("x", "1");
    await expect(data.copy("x", join(bench.folder, "pipe"))).rejects.toEqual(code("unsupported"));
    await expect(data.writeText("/dev/null", "1")).rejects.toEqual(code("unsupported"));
    expect((await lstat(join(bench.folder, "pipe"))).isFIFO()).toBe(true);
  });

  test.runIf(process.platform === "linux")("a file of the kernel is not empty because it says so", async () => {
    await expect(data.readText("/proc/version")).rejects.toEqual(code("unsupported"));
    await expect(data.copy("/proc/version", "v")).rejects.toEqual(code("unsupported"));
  });

  test("a folder that is read as a file is called one", async () => {
    await mkdir(join(bench.folder, "dir"));
    await expect(data.readText(join(bench.folder, "dir"))).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining("is a folder"),
    });
  });
});
