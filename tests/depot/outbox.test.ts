/** Writes that wait while there is no network, over a socket: what is queued, what a push makes of it, and what it never does. */
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Depot, type DepotEvent, entrepot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

type S3Bench = Awaited<ReturnType<typeof openS3>>;

let bench: S3Bench;
/** Offline, with an outbox. */
let away: Depot;
/** The same, with the network. */
let home: Depot;
/** Somebody else. */
let other: Depot;
const uri = "s3://b/root/a.txt";

beforeEach(async () => {
  bench = await openS3(true);
  home = bench.data.with({ outbox: true });
  away = bench.data.with({ outbox: true, network: "offline" });
  other = entrepot({ ...bench.s3.options, cache: false, env: {}, envFile: false });
});
afterEach(async () => {
  await other.close();
  await bench.close();
});

const serverHas = (address = uri) => other.readText(address, { onError: "allow-missing" });
const requests = () => bench.s3.requests.map(({ method, status }) => `${method} ${status}`);

describe("offline, with an outbox", () => {
  test("a write is kept and told, and read back with every verb, while not one packet leaves", async () => {
    const events: DepotEvent[] = [];
    const told = away.with({ onEvent: (event) => events.push(event) });
    bench.s3.clearRequests();
    const written = await told.writeText(uri, "mine\n", { metadata: { Who: "me" } });
    expect(written).toMatchObject({ uri, sizeBytes: 5, queued: true, etag: expect.stringMatching(/^W\/"entrepot-/) });
    expect(await told.readText(uri)).toBe("mine\n");
    expect(await told.exists(uri)).toBe(true);
    expect(await told.stat(uri)).toMatchObject({ sizeBytes: 5, etag: written.etag, metadata: { who: "me" } });
    expect(await told.readRange(uri, { start: 1, end: 3 })).toEqual(new TextEncoder().encode("in"));
    expect(await told.localCopy(uri, (path) => readFile(path, "utf8"))).toBe("mine\n");
    const file = await told.open(uri);
    expect(await file.text()).toBe("mine\n");
    await file.close();
    const [entry] = await told.offline.outbox();
    expect(entry).toMatchObject({ uri, operation: "write", sizeBytes: 5, state: "waiting", attempted: false });
    const [queued, ...reads] = events;
    expect(queued).toEqual({ type: "queued", uri, id: entry?.id, operation: "write" });
    // Every one of the verbs that read it is told that this is not what the server has.
    expect(reads.length).toBeGreaterThanOrEqual(6);
    for (const read of reads) expect(read).toEqual({ type: "queued", uri, id: entry?.id, operation: "read" });
    expect(requests()).toEqual([]);
  });

  test("text, bytes, json, lines, csv, files and streams all wait, and are sent as they were said", async () => {
    await away.writeBytes("bytes", new Uint8Array([1, 2]), { contentType: "x/y", metadata: { a: "1" } });
    await away.writeJson("json.json", { a: 1 });
    await away.writeLines("lines.txt.gz", ["a", "b"]);
    await away.writeCsv("table.csv", [["a", 1]]);
    const path = join(bench.folder, "file");
    await writeFile(path, "from a file");
    await away.writeFrom("from", path);
    await away.writeFrom("made", (target) => writeFile(target, "by a callback"));
    await away.writeStream("stream", [new Uint8Array(300_000), new Uint8Array(300_000)] as never);
    await away.copy(path, "copied");
    const report = await home.offline.push();
    expect(report.copied.objects).toBe(8);
    const there = bench.data.with({ cache: false });
    expect(await there.stat("bytes")).toMatchObject({ contentType: "x/y", metadata: { a: "1" }, sizeBytes: 2 });
    expect(await there.readJson("json.json")).toEqual({ a: 1 });
    expect(await there.readLines("lines.txt.gz")).toEqual(["a", "b"]);
    expect(await there.readText("table.csv")).toBe("a,1\n");
    expect(await there.readText("from")).toBe("from a file");
    expect(await there.readText("made")).toBe("by a callback");
    expect((await there.stat("stream")).sizeBytes).toBe(600_000);
    expect(await there.readText("copied")).toBe("from a file");
    expect(await home.offline.outbox()).toEqual([]);
  });

  test("what cannot wait fails at once, as without an outbox", async () => {
    const unreachable = { code: "unreachable", retryable: false };
    await expect(away.createBucket("s3://new")).rejects.toMatchObject(unreachable);
    await expect(away.update(uri, () => "x")).rejects.toMatchObject(unreachable);
    await expect(away.move(uri, "b.txt")).rejects.toMatchObject(unreachable);
    const without = bench.data.with({ network: "offline" });
    await expect(without.writeText(uri, "x")).rejects.toMatchObject(unreachable);
    const uncached = away.with({ cache: false });
    await expect(uncached.writeText(uri, "x")).rejects.toMatchObject(unreachable);
    await expect(away.remove(uri)).rejects.toMatchObject({ code: "not-cached" });
    expect(await away.offline.outbox()).toEqual([]);
  });

  test("what waits is in no other user's sight, and no clearing of the cache takes it away", async () => {
    await away.writeText(uri, "mine");
    await home.cache.clear();
    await home.cache.prune({ maxBytes: 0 });
    const [entry] = await away.offline.outbox();
    const folder = join(entry?.path ?? "", "..");
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect(await away.readText(uri)).toBe("mine");
  });
});

describe("what waits", () => {
  test("can be taken back, and what is queued behind it goes in its place", async () => {
    await other.writeText(uri, "old");
    await home.readText(uri);
    await away.writeText(uri, "first");
    await away.writeText(uri, "second");
    const [first] = await away.offline.outbox();
    await away.offline.discard(first?.id ?? "");
    expect(await away.readText(uri)).toBe("second");
    await home.offline.push();
    expect(await serverHas()).toBe("second");
    await expect(away.offline.discard(first?.id ?? "")).rejects.toMatchObject({ code: "not-found" });
  });

  test("can be saved to a new file", async () => {
    await away.writeText(uri, "mine");
    const [entry] = await away.offline.outbox();
    const path = join(bench.folder, "saved");
    expect(await away.offline.save(entry?.id ?? "", path)).toEqual({ objects: 1, sizeBytes: 4 });
    expect(await readFile(path, "utf8")).toBe("mine");
    await expect(away.offline.save(entry?.id ?? "", path)).rejects.toMatchObject({ code: "already-exists" });
  });

  test("is held against the caller's own conditions", async () => {
    const { etag } = await away.writeText(uri, "one");
    await expect(away.writeText(uri, "x", { ifNoneMatch: "*" })).rejects.toMatchObject({ code: "already-exists" });
    await expect(away.writeText(uri, "x", { ifMatch: '"other"' })).rejects.toMatchObject({ code: "busy" });
    const second = await away.writeText(uri, "two", { ifMatch: etag });
    await expect(away.writeText(uri, "x", { ifMatch: etag })).rejects.toMatchObject({ code: "precondition-failed" });
    await home.offline.push();
    expect(await serverHas()).toBe("two");
    await expect(away.writeText(uri, "x", { ifMatch: second.etag })).rejects.toMatchObject({
      code: "precondition-failed",
    });
  });

  test("a removal that waits reads as missing, and is left out of listings", async () => {
    await other.writeText(uri, "old");
    await home.readText(uri);
    await away.remove(uri);
    await expect(away.readText(uri)).rejects.toMatchObject({ code: "not-found", hint: expect.stringMatching(/push/) });
    expect(await away.exists(uri)).toBe(false);
    await away.writeText("z/b.txt", "new");
    expect(await home.list("s3://b/root/").uris()).toEqual(["s3://b/root/z/b.txt"]);
    expect(await serverHas()).toBe("old");
  });
});

describe("in auto mode, with an outbox", () => {
  test("what finds the server gone waits; what is written while it is there is sent at once", async () => {
    expect(await home.writeText("b.txt", "now")).not.toHaveProperty("queued");
    const { port } = new URL(bench.s3.endpoint);
    await bench.s3.close();
    const quick = home.with({ retries: { attempts: 1 } });
    expect(await quick.writeText(uri, "later")).toMatchObject({ queued: true });
    expect(await quick.readText(uri)).toBe("later");
    expect(port).not.toBe("");
  });

  test("a read of what waits says so, although the server is there", async () => {
    await other.writeText(uri, "theirs");
    await away.writeText(uri, "mine");
    const events: DepotEvent[] = [];
    const told = home.with({ onEvent: (event) => events.push(event) });
    expect(await told.readText(uri)).toBe("mine");
    expect(events).toMatchObject([{ type: "queued", operation: "read", uri }]);
    expect(await told.readText(uri, { cache: "refresh" })).toBe("theirs");
    const online = home.with({ network: "online" });
    expect(await online.readText(uri)).toBe("theirs");
  });

  test("a write behind one that waits waits as well, so that their order stays", async () => {
    await away.writeText(uri, "one");
    expect(await home.writeText(uri, "two")).toMatchObject({ queued: true });
    await home.offline.push();
    expect(await serverHas()).toBe("two");
  });
});
