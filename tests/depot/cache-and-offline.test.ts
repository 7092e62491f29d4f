import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Depot, type DepotEvent, entrepot } from "entrepot";
import type { startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bench, openS3 } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });
type S3Bench = Awaited<ReturnType<typeof openS3>>;

describe("the cache in front of S3, with default settings", () => {
  let bench: S3Bench;
  let data: Depot;
  const since = () => bench.s3.requests.map(({ method, status, bytesOut }) => ({ method, status, bytesOut }));

  beforeEach(async () => {
    bench = await openS3(true);
    data = bench.data;
    // written by someone else, so that nothing is here yet
    const other = entrepot({ ...bench.s3.options, cache: false, env: {}, envFile: false });
    await other.writeText("s3://b/root/a.txt", "one\n");
    await other.close();
    bench.s3.clearRequests();
  });
  afterEach(() => bench.close());

  test("a cold read is one GET, a warm one exactly one conditional request without a body", async () => {
    expect(await data.readText("a.txt")).toBe("one\n");
    expect(since()).toEqual([{ method: "GET", status: 200, bytesOut: 4 }]);
    bench.s3.clearRequests();
    expect(await data.readText("a.txt")).toBe("one\n");
    expect(since()).toEqual([{ method: "GET", status: 304, bytesOut: 0 }]);
  });

  test("what was written here is a copy already", async () => {
    await data.writeText("b.txt", "two\n");
    bench.s3.clearRequests();
    expect(await data.readText("b.txt")).toBe("two\n");
    expect(since()).toEqual([{ method: "GET", status: 304, bytesOut: 0 }]);
  });

  test("an object that others replaced with the same size within a second is seen", async () => {
    await data.readText("a.txt");
    const other = entrepot({ ...bench.s3.options, cache: false, env: {}, envFile: false });
    await other.writeText("s3://b/root/a.txt", "two\n");
    await other.close();
    expect(await data.readText("a.txt")).toBe("two\n");
  });

  test("with a maxAge no request is made inside it", async () => {
    const trusting = data.with({ cache: { maxAge: "1h" } });
    await trusting.readText("a.txt");
    bench.s3.clearRequests();
    expect(await trusting.readText("a.txt")).toBe("one\n");
    expect(since()).toEqual([]);
  });

  test("bypass neither reads nor fills, refresh fetches again", async () => {
    await data.readText("a.txt", { cache: "bypass" });
    expect((await data.cache.stats()).objects).toBe(0);
    await data.readText("a.txt");
    bench.s3.clearRequests();
    await data.readText("a.txt", { cache: "refresh" });
    expect(since()).toEqual([{ method: "GET", status: 200, bytesOut: 4 }]);
  });

  test("refresh fetches again also what is opened or read in part, and keeps it", async () => {
    await data.writeText("kept", "own\n");
    for (const use of [
      async () => (await data.open("kept", { cache: "refresh" })).close(),
      () => data.readLines("kept", { limit: 1, cache: "refresh" }),
    ]) {
      bench.s3.clearRequests();
      await use();
      expect(since()).toEqual([{ method: "GET", status: 200, bytesOut: 4 }]);
      expect(await data.with({ network: "offline" }).readText("kept")).toBe("own\n");
    }
  });

  test("each depot hears the warnings about its cache", async () => {
    await writeFile(join(bench.folder, "no-folder"), "");
    const broken = data.with({ cache: { dir: join(bench.folder, "no-folder") } });
    for (let round = 0; round < 2; round++) {
      const events: DepotEvent[] = [];
      await broken.with({ onEvent: (event) => events.push(event) }).readText("a.txt");
      expect(events.map(({ type }) => type)).toContain("warning");
    }
  });

  test("a signal ends a look into the cache", async () => {
    await data.readText("a.txt");
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await expect(data.cache.stats({ signal })).rejects.toBe(reason);
    await expect(data.cache.list(undefined, { signal }).toArray()).rejects.toBe(reason);
    await expect(data.cache.clear(undefined, { signal })).rejects.toBe(reason);
    expect(await data.cache.list("s3://b/root/", {}).uris()).toEqual(["s3://b/root/a.txt"]);
  });

  test("a copy that is damaged while it is open gives no wrong byte: the server's come instead, and offline none", async () => {
    const bytes = Buffer.alloc(600_000, "entrepot ");
    await data.writeBytes("large.bin", bytes);
    const flip = async (path: string) => {
      const stored = await readFile(path);
      stored[400_000] = (stored[400_000] ?? 0) ^ 1;
      await writeFile(path, stored);
    };
    for (const network of ["auto", "offline"] as const) {
      const [entry] = await data.cache.list("large.bin").toArray();
      const file = await data.with({ network }).open("large.bin");
      await flip(entry?.path ?? "");
      expect(Buffer.compare(await file.read({ start: 0, end: 9 }), bytes.subarray(0, 9))).toBe(0);
      const damaged = file.read({ start: 399_990, end: 400_010 });
      if (network === "offline") await expect(damaged).rejects.toEqual(code("not-cached"));
      else expect(Buffer.compare(await damaged, bytes.subarray(399_990, 400_010))).toBe(0);
      await file.close();
      await data.readBytes("large.bin");
    }
  });

  test("a damaged copy heals in the same call, and offline it is no copy", async () => {
    await data.readText("a.txt");
    const [entry] = await data.cache.list().toArray();
    await writeFile(entry?.path ?? "", "oNe\n");
    expect(await data.readText("a.txt")).toBe("one\n");
    expect(await readFile((await data.cache.list().toArray())[0]?.path ?? "", "utf8")).toBe("one\n");
    await writeFile((await data.cache.list().toArray())[0]?.path ?? "", "oNe\n");
    await expect(data.with({ network: "offline" }).readText("a.txt")).rejects.toEqual(code("not-cached"));
  });

  test("offline, known copies are read with the same calls and not one packet", async () => {
    await data.readText("a.txt");
    const offline = data.with({ network: "offline" });
    bench.s3.clearRequests();
    expect(await offline.readText("a.txt")).toBe("one\n");
    expect(await offline.readLines("a.txt", { limit: 1 })).toEqual(["one"]);
    expect(await offline.readRange("a.txt", { start: 1, end: 3 })).toEqual(new TextEncoder().encode("ne"));
    expect(await offline.exists("a.txt")).toBe(true);
    expect((await offline.stat("a.txt")).sizeBytes).toBe(4);
    expect(await offline.localCopy("a.txt", (path) => readFile(path, "utf8"))).toBe("one\n");
    await offline.copy("a.txt", `${join(bench.folder, "copied.txt")}`);
    expect(await readFile(join(bench.folder, "copied.txt"), "utf8")).toBe("one\n");
    await expect(offline.readText("never-read.txt")).rejects.toEqual(code("not-cached"));
    await expect(offline.exists("never-read.txt")).rejects.toEqual(code("not-cached"));
    await expect(offline.list("").toArray()).rejects.toEqual(code("not-cached"));
    expect(bench.s3.requests).toEqual([]);
  });

  test("offline, a change of a remote fails at once, before a callback runs", async () => {
    const offline = data.with({ network: "offline" });
    let ran = false;
    const callback = () => {
      ran = true;
    };
    await expect(offline.writeFrom("x", callback)).rejects.toEqual(code("unreachable"));
    await expect(offline.update("x", () => "y")).rejects.toEqual(code("unreachable"));
    await expect(offline.writeText("x", "y")).rejects.toMatchObject({ code: "unreachable", retryable: false });
    await expect(offline.remove("a.txt")).rejects.toEqual(code("unreachable"));
    await expect(offline.createBucket("s3://bucket")).rejects.toEqual(code("unreachable"));
    expect(ran).toBe(false);
  });

  test("when the server is gone the copy is served in the same call, with its age told", async () => {
    const events: DepotEvent[] = [];
    const watched = data.with({ onEvent: (event) => events.push(event) });
    await watched.readText("a.txt");
    await bench.s3.close();
    expect(await watched.readText("a.txt")).toBe("one\n");
    expect(events.filter((event) => event.type === "stale")).toHaveLength(1);
    const asked = events.filter((event) => event.type === "request").length;
    expect(await watched.readText("a.txt")).toBe("one\n");
    // the circuit is open: the second read does not even try
    expect(events.filter((event) => event.type === "request")).toHaveLength(asked);
    await expect(data.with({ network: "online", retries: { attempts: 1 } }).readText("a.txt")).rejects.toEqual(
      code("unreachable"),
    );
  });

  test("a removed object is gone here, too", async () => {
    await data.readText("a.txt");
    await data.remove("a.txt");
    await expect(data.readText("a.txt")).rejects.toEqual(code("not-found"));
    await expect(data.with({ network: "offline" }).readText("a.txt")).rejects.toEqual(code("not-cached"));
  });

  test("fifty readers of one cold object make one GET", async () => {
    const texts = await Promise.all(Array.from({ length: 50 }, () => data.readText("a.txt")));
    expect(new Set(texts)).toEqual(new Set(["one\n"]));
    expect(bench.s3.requests.filter((request) => request.status === 200)).toHaveLength(1);
  });

  test("forbidden is forbidden, although there is a copy", async () => {
    await data.readText("a.txt");
    bench.s3.inject({ method: "GET", effect: { status: 403, code: "AccessDenied" } });
    await expect(data.readText("a.txt")).rejects.toEqual(code("forbidden"));
  });

  test("files are private, and what is there can be seen, pruned and cleared", async () => {
    await data.readText("a.txt");
    await data.writeText("b.csv", "x\n");
    const entries = await data.cache.list().toArray();
    expect(entries.map((entry) => entry.uri)).toEqual(["s3://b/root/a.txt", "s3://b/root/b.csv"]);
    expect(entries[1]?.path.endsWith(".csv")).toBe(true);
    for (const entry of entries) expect((await stat(entry.path)).mode & 0o777).toBe(0o600);
    expect(await data.cache.stats()).toMatchObject({ objects: 2, sizeBytes: 6 });
    expect((await data.cache.prune({ maxBytes: 0 }, { dryRun: true })).removed.objects).toBe(2);
    expect((await data.cache.stats()).objects).toBe(2);
    expect(await data.cache.verify()).toMatchObject({ checked: { objects: 2 }, damaged: [] });
    expect((await data.cache.clear("s3://b/root/b.csv")).removed).toEqual({ objects: 1, sizeBytes: 2 });
    expect((await data.cache.clear()).removed).toEqual({ objects: 1, sizeBytes: 4 });
    expect(await data.cache.list().toArray()).toEqual([]);
    await expect(data.cache.prune({})).rejects.toThrow(TypeError);
  });

  test("nothing is left beside the entries", async () => {
    await data.readText("a.txt");
    await data.writeText("b.txt", "x");
    await data.close();
    const names = await readdir(join(bench.folder, "cache"), { recursive: true });
    expect(names.filter((name) => name.includes("tmp") || name.includes("entrepot-"))).toEqual([]);
  });
});

describe("broken connections", () => {
  let bench: Bench & { readonly s3: Awaited<ReturnType<typeof startS3Server>> };
  beforeEach(async () => {
    bench = await openS3(false);
  });
  afterEach(() => bench.close());

  test("a broken body is resumed from the last good byte", async () => {
    const big = "0123456789".repeat(50_000);
    await bench.data.writeText("big.txt", big);
    bench.s3.clearRequests();
    bench.s3.inject({ method: "GET", effect: { cutAfterBytes: 200_000 } });
    expect(await bench.data.readText("big.txt")).toBe(big);
    expect(bench.s3.requests.map((request) => request.range)).toEqual([undefined, "bytes=200000-499999"]);
  });

  test("an object that is replaced in mid-read is read anew, never mixed", async () => {
    await bench.data.writeText("swap.txt", "a".repeat(400_000));
    bench.s3.inject(
      { method: "GET", effect: { cutAfterBytes: 100_000 } },
      { method: "GET", effect: { replaceWith: new TextEncoder().encode("b".repeat(400_000)) } },
    );
    const text = await bench.data.readText("swap.txt");
    expect(new Set(text).size).toBe(1);
    expect(text).toHaveLength(400_000);
  });

  test("a server that asks to slow down is asked again", async () => {
    await bench.data.writeText("slow.txt", "x");
    bench.s3.inject({ method: "GET", times: 2, effect: { status: 503, code: "SlowDown" } });
    expect(await bench.data.readText("slow.txt")).toBe("x");
  });

  test("readLines with a limit fetches kilobytes of a large object", async () => {
    await bench.data.writeText("long.txt", "a line of some length\n".repeat(500_000));
    bench.s3.clearRequests();
    expect(await bench.data.readLines("long.txt", { limit: 5 })).toHaveLength(5);
    expect(bench.s3.requests.reduce((sum, request) => sum + request.bytesOut, 0)).toBeLessThan(100_000);
  });
});
