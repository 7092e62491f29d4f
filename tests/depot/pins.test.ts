/** Pins over a socket: what is kept, what is known offline, what is missing, and that nothing is asked for it. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Depot, type DepotEvent, entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });

let bench: Awaited<ReturnType<typeof openS3>>;
let data: Depot;
let other: Depot;
let events: DepotEvent[];

beforeEach(async () => {
  bench = await openS3(true);
  events = [];
  data = bench.data.with({ onEvent: (event) => events.push(event) });
  // writes as somebody else would, so that nothing of it is here
  other = entrepot({ ...bench.s3.options, cache: false, env: {}, envFile: false });
  for (const [key, text] of [
    ["model/a.txt", "one\n"],
    ["model/b.txt", "two\n"],
    ["model/deep/c.txt", "three\n"],
    ["else.txt", "no\n"],
  ])
    await other.writeText(`s3://b/root/${key}`, text ?? "");
  bench.s3.clearRequests();
});
afterEach(async () => {
  await other.close();
  await bench.close();
});

const requests = () => bench.s3.requests.map(({ method, status }) => `${method} ${status}`);
const offline = () => data.with({ network: "offline" });
const stale = () => events.filter((event) => event.type === "stale").map(({ uri }) => uri);
const cacheFiles = () => readdir(join(bench.folder, "cache"), { recursive: true });
const marks = async () => (await cacheFiles()).filter((name) => name.includes("@"));

describe("a pinned folder", () => {
  test("costs one listing and a GET for each object, and again only the listing", async () => {
    const report = await data.cache.pin("model/");
    expect(report).toMatchObject({ dryRun: false, copied: { objects: 3, sizeBytes: 14 }, skipped: { objects: 0 } });
    expect(requests().sort()).toEqual(["GET 200", "GET 200", "GET 200", "GET 200"]);
    bench.s3.clearRequests();
    expect(await data.cache.pin("model/")).toMatchObject({ copied: { objects: 0 }, skipped: { objects: 3 } });
    expect(requests()).toEqual(["GET 200"]);
  });

  test("is known offline: what is in it, at every depth, and how old that is; not one packet", async () => {
    await data.cache.pin("model/");
    bench.s3.clearRequests();
    const off = offline();
    expect(await off.readText("model/a.txt")).toBe("one\n");
    expect(await off.list("model/").uris()).toEqual([
      "s3://b/root/model/a.txt",
      "s3://b/root/model/b.txt",
      "s3://b/root/model/deep/c.txt",
    ]);
    const shallow = await off.list<"any">("model/", { depth: 1, kind: "any" }).toArray();
    expect(shallow.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "object a.txt",
      "object b.txt",
      "folder deep/",
    ]);
    expect(await off.list("model/deep/").uris()).toEqual(["s3://b/root/model/deep/c.txt"]);
    expect(await off.list("model/", { match: /b\.txt$/ }).uris()).toEqual(["s3://b/root/model/b.txt"]);
    expect(await off.list("model/b", { prefix: true }).uris()).toEqual(["s3://b/root/model/b.txt"]);
    expect(await off.glob("model/**/*.txt").uris()).toHaveLength(3);
    expect(await off.usage("model/")).toEqual({ objects: 3, sizeBytes: 14 });
    expect([await off.exists("model/a.txt"), await off.exists("model/"), await off.exists("model/deep/")]).toEqual([
      true,
      true,
      true,
    ]);
    expect([await off.exists("model/none.txt"), await off.exists("model/none/")]).toEqual([false, false]);
    expect(stale()).toContain("s3://b/root/model/");
    expect(requests()).toEqual([]);
  });

  test("says nothing of what lies around it: that is not-cached, with the way out", async () => {
    await data.cache.pin("model/");
    const off = offline();
    const hint = expect.stringContaining('entrepot cache pin "s3://b/root/"');
    await expect(off.list("").toArray()).rejects.toMatchObject({ code: "not-cached", hint });
    await expect(off.exists("else.txt")).rejects.toMatchObject({ code: "not-cached", hint });
    await expect(off.readText("else.txt")).rejects.toMatchObject({ code: "not-cached", hint });
    await expect(off.exists("mod/")).rejects.toEqual(code("not-cached"));
  });

  test("gives size, time and ETag of a member whose bytes are gone", async () => {
    await data.cache.pin("model/");
    const { etag, modifiedMs } = await data.stat("model/a.txt");
    const [entry] = await data.cache.list("model/a.txt").toArray();
    await rm(entry?.path ?? "");
    expect(await offline().stat("model/a.txt")).toMatchObject({ sizeBytes: 4, etag, modifiedMs });
    expect(await offline().exists("model/a.txt")).toBe(true);
    await expect(offline().readText("model/a.txt")).rejects.toEqual(code("not-cached"));
    await expect(offline().stat("model/none.txt")).rejects.toEqual(code("not-found"));
    expect(await offline().stat("model/none.txt", { onError: "allow-missing" })).toBeUndefined();
  });

  test("takes in what is new, replaced and gone when it is pinned again", async () => {
    await data.cache.pin("model/");
    await other.writeText("s3://b/root/model/a.txt", "ONE\n");
    await other.writeText("s3://b/root/model/d.txt", "four\n");
    await other.remove("s3://b/root/model/b.txt");
    const report = await data.cache.pin("model/");
    expect(report).toMatchObject({ copied: { objects: 2 }, skipped: { objects: 1 } });
    const off = offline();
    expect(await off.readText("model/a.txt")).toBe("ONE\n");
    expect(await off.exists("model/b.txt")).toBe(false);
    expect(await off.list("model/").toArray()).toHaveLength(3);
    expect(await marks()).toHaveLength(3);
  });

  test("follows what is written and removed through us", async () => {
    await data.cache.pin("model/");
    await data.writeText("model/0.txt", "new\n");
    await data.writeText("model/a.txt", "longer than before\n");
    await data.remove("model/b.txt");
    await data.copy("model/a.txt", "model/deep/copied.txt");
    await data.remove("model/deep/c.txt");
    bench.s3.clearRequests();
    const off = offline();
    const listed = await off.list("model/").toArray();
    expect(listed.map(({ path, sizeBytes }) => `${path} ${sizeBytes}`)).toEqual([
      "0.txt 4",
      "a.txt 19",
      "deep/copied.txt 19",
    ]);
    expect([await off.exists("model/b.txt"), await off.exists("model/deep/c.txt")]).toEqual([false, false]);
    expect(await off.list<"any">("model/", { depth: 1, kind: "any" }).uris()).toEqual([
      "s3://b/root/model/0.txt",
      "s3://b/root/model/a.txt",
      "s3://b/root/model/deep/",
    ]);
    const { pins } = await off.offline.status("model/");
    expect(pins).toMatchObject([{ total: { objects: 3 }, missing: { uris: ["s3://b/root/model/deep/copied.txt"] } }]);
    expect(requests()).toEqual([]);
    expect(await data.cache.pin("model/")).toMatchObject({ copied: { objects: 1 }, skipped: { objects: 2 } });
    expect((await cacheFiles()).filter((name) => name.includes("~"))).toEqual([]);
  });

  test("lets nobody see its listing under another identity", async () => {
    await data.cache.pin("model/");
    await expect(offline().with({ anonymous: true }).list("model/").toArray()).rejects.toEqual(code("not-cached"));
  });

  test("negative answers do not stick: online everything is asked", async () => {
    await data.cache.pin("model/");
    expect(await data.exists("model/new.txt")).toBe(false);
    await other.writeText("s3://b/root/model/new.txt", "x");
    expect(await data.exists("model/new.txt")).toBe(true);
    expect(await data.list("model/").toArray()).toHaveLength(4);
  });
});

describe("pinning", () => {
  test("offline is refused at once", async () => {
    await expect(offline().cache.pin("model/")).rejects.toMatchObject({ code: "unreachable", retryable: false });
    expect(requests()).toEqual([]);
  });

  test("what holds nothing is an error, and pins nothing", async () => {
    await expect(data.cache.pin("nope/")).rejects.toEqual(code("not-found"));
    expect(await data.cache.pins().toArray()).toEqual([]);
  });

  test("dry says what would be fetched and leaves nothing", async () => {
    const files: string[] = [];
    const report = await data.cache.pin("model/", {
      dryRun: true,
      onFile: ({ uri, status }) => files.push(`${status} ${uri}`),
    });
    expect(report).toMatchObject({ dryRun: true, copied: { objects: 3, sizeBytes: 14 } });
    expect(files.sort()[0]).toBe("planned s3://b/root/model/a.txt");
    expect(await data.cache.pins().toArray()).toEqual([]);
    expect((await cacheFiles()).filter((name) => name.includes("tmp") || name.includes(".pin"))).toEqual([]);
  });

  test("tries every object, rejects with all failures, and says what is missing", async () => {
    bench.s3.inject({
      method: "GET",
      key: "root/model/b.txt",
      times: 99,
      effect: { status: 403, code: "AccessDenied" },
    });
    await expect(data.cache.pin("model/")).rejects.toMatchObject({ code: "forbidden", failures: [code("forbidden")] });
    const report = await data.cache.pin("model/", { onError: "ignore" });
    expect(report).toMatchObject({ skipped: { objects: 2 }, failed: [{ uri: "s3://b/root/model/b.txt" }] });
    const { pins, network } = await offline().offline.status();
    expect(network).toBe("offline");
    expect(pins).toMatchObject([
      {
        uri: "s3://b/root/model/",
        kind: "folder",
        complete: true,
        total: { objects: 3, sizeBytes: 14 },
        ready: { objects: 2, sizeBytes: 10 },
        missing: { objects: 1, sizeBytes: 4, uris: ["s3://b/root/model/b.txt"] },
      },
    ]);
    // it was listed, so it exists
    expect(await offline().exists("model/b.txt")).toBe(true);
  });

  test("one object keeps that object, and says nothing of its neighbours", async () => {
    await data.cache.pin("model/a.txt");
    expect(await data.cache.pins().toArray()).toMatchObject([
      { uri: "s3://b/root/model/a.txt", kind: "object", objects: 1, complete: false },
    ]);
    expect(await offline().exists("model/a.txt")).toBe(true);
    await expect(offline().exists("model/b.txt")).rejects.toEqual(code("not-cached"));
    await expect(data.cache.pin("model")).rejects.toMatchObject({
      code: "not-found",
      hint: expect.stringContaining("s3://b/root/model/"),
    });
  });

  test("takes prefixes, patterns of paths, listings and lists; of these none says what there is not", async () => {
    await data.cache.pin("model/", { match: /\.txt$/ });
    await expect(offline().exists("model/none")).rejects.toEqual(code("not-cached"));
    await data.cache.unpin("model/");
    await data.cache.pin(["model/b.txt", "model/a.txt", "s3://b/root/else.txt"]);
    await data.cache.pin(data.glob("model/**/c.txt"));
    expect((await data.cache.pins().toArray()).map(({ kind, objects }) => `${kind} ${objects}`).sort()).toEqual([
      "list 1",
      "list 3",
    ]);
    await expect(offline().exists("model/none")).rejects.toEqual(code("not-cached"));
    await data.cache.pin("mod", { prefix: true });
    expect(await offline().exists("model/none")).toBe(false);
    expect(
      await offline()
        .list("m", { prefix: true })
        .toArray()
        .catch(() => "unknown"),
    ).toBe("unknown");
  });

  test("of what is read in place, or without a cache, is a typed error", async () => {
    await expect(data.cache.pin(`${bench.folder}/`)).rejects.toEqual(code("unsupported"));
    await expect(data.with({ cache: false }).cache.pin("model/")).rejects.toEqual(code("misconfigured"));
    expect(await data.with({ cache: false }).offline.status()).toMatchObject({ pins: [] });
  });
});

describe("unpinning", () => {
  test("takes the marks away and leaves the copies, without a network", async () => {
    await data.cache.pin("model/");
    expect(await marks()).toHaveLength(3);
    expect(await offline().cache.unpin("model/")).toEqual({ objects: 3, sizeBytes: 14 });
    expect(await marks()).toEqual([]);
    expect(await offline().readText("model/a.txt")).toBe("one\n");
    await expect(offline().list("model/").toArray()).rejects.toEqual(code("not-cached"));
    expect(await data.cache.unpin("model/")).toEqual({ objects: 0, sizeBytes: 0 });
  });

  test("leaves what another pin wants", async () => {
    await data.cache.pin("model/");
    await data.cache.pin(["model/a.txt", "else.txt"]);
    await data.cache.unpin("model/");
    // the folder was meant, and all that is pinned in it
    expect(await data.cache.pins().toArray()).toMatchObject([{ kind: "list", objects: 1 }]);
    await data.cache.pin("model/");
    await data.cache.unpin(["else.txt", "model/a.txt"]);
    expect(await data.cache.pins().toArray()).toMatchObject([{ kind: "folder", objects: 3 }]);
    expect(await marks()).toHaveLength(3);
  });
});

describe("when the server is gone", () => {
  test("listings, stat and exists come from the pin in the same call, then without trying; its return is told", async () => {
    await data.cache.pin("model/");
    await bench.s3.close();
    expect(await data.list("model/").toArray()).toHaveLength(3);
    const told = events.filter(({ type }) => type === "unreachable");
    expect(told).toMatchObject([{ origin: bench.s3.endpoint }]);
    const asked = events.filter(({ type }) => type === "request").length;
    expect(await data.exists("model/none.txt")).toBe(false);
    expect((await data.stat("model/a.txt")).sizeBytes).toBe(4);
    expect(await data.list("model/").toArray()).toHaveLength(3);
    expect(events.filter(({ type }) => type === "request")).toHaveLength(asked);
    expect((await data.offline.status()).origins).toMatchObject([
      { origin: bench.s3.endpoint, unreachableSinceMs: expect.any(Number) },
    ]);
    // what must be asked is asked, and notices that it is back
    const { port } = new URL(bench.s3.endpoint);
    const { credentials } = bench.s3.options;
    await using _back = await startS3Server({ port: Number(port), buckets: ["b"], credentials });
    await data.writeText("back.txt", "x");
    const reachable = events.filter(({ type }) => type === "reachable");
    expect(reachable).toMatchObject([{ origin: bench.s3.endpoint, awayMs: expect.any(Number) }]);
    expect((await data.offline.status()).origins).toMatchObject([{ unreachableSinceMs: undefined }]);
    expect(await data.list("model/").toArray()).toEqual([]);
  });
});
