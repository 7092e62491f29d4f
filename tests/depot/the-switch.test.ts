/**
 * The switch: offline, no verb that a depot has opens a connection or looks a name up, and none hangs. The verbs are those that the
 * object has, so that a new one cannot be forgotten.
 */
import type dns from "node:dns";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

let connections = 0;
let server: Server;
let port: number;
let folder: string;
/** As Node itself sees it. */
const names: typeof dns = createRequire(import.meta.url)("node:dns");
let lookup: ReturnType<typeof vi.spyOn>;

beforeAll(async () => {
  // whatever comes is counted, and gets an answer that nothing can be done with
  server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined).end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  folder = await mkdtemp(join(tmpdir(), "entrepot-switch-"));
});
afterEach(() => lookup.mockRestore());
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  connections = 0;
  lookup = vi.spyOn(names, "lookup");
});

type Call = (data: Depot) => unknown;
const at = "s3://b/k";
const inFolder = "s3://b/f/";
const empty = async () => undefined;
const drain = async (items: AsyncIterable<unknown>) => {
  for await (const _ of items);
};

/** Nothing waits here, and that is a fine answer. */
const unlessMissing = (call: Promise<unknown>) =>
  call.catch((error: unknown) => {
    if ((error as { code?: string }).code !== "not-found") throw error;
  });

/** One call, at least, of each. */
const calls: Readonly<Record<string, readonly Call[]>> = {
  readText: [(data) => data.readText(at), (data) => data.readText("https://localhost/x")],
  readBytes: [(data) => data.readBytes(at)],
  readTable: [
    (data) => data.readTable("s3://b/k.csv"),
    (data) => data.readTable("s3://b/k.parquet", { columns: ["a"] }),
    (data) => unlessMissing(data.readTable("s3://b/f/", { format: "csv" })),
  ],
  writeTable: [(data) => data.writeTable("s3://b/k.csv", { height: 0, lazy() {} } as never)],
  readJson: [(data) => data.readJson(at)],
  readLines: [(data) => data.readLines(at), (data) => data.readLines(at, { limit: 1 })],
  readCsv: [(data) => data.readCsv(at)],
  readPickle: [(data) => data.readPickle(at)],
  writeText: [(data) => data.writeText(at, "")],
  writeBytes: [(data) => data.writeBytes(at, new Uint8Array(1))],
  writeJson: [(data) => data.writeJson(at, {})],
  writeLines: [(data) => data.writeLines(at, ["a"])],
  writeCsv: [(data) => data.writeCsv(at, [["a"]])],
  writePickle: [(data) => data.writePickle(at, 1)],
  update: [(data) => data.update(at, () => "x")],
  readRange: [(data) => data.readRange(at, { suffix: 1 })],
  readRanges: [(data) => data.readRanges(at, [{ suffix: 1 }, { start: 0 }])],
  readStream: [(data) => drain(data.readStream(at))],
  writeStream: [(data) => data.writeStream(at, new Blob(["x"]).stream())],
  open: [(data) => data.open(at)],
  localCopy: [(data) => data.localCopy(at)],
  writeFrom: [(data) => data.writeFrom(at, empty)],
  list: [(data) => drain(data.list(inFolder)), (data) => data.list<"folder">("s3://", { kind: "folder" }).uris()],
  glob: [(data) => drain(data.glob("s3://b/*/x"))],
  stat: [(data) => data.stat(at), (data) => data.stat(at, { cache: "bypass" })],
  changedSince: [
    (data) => data.changedSince([{ kind: "absent", uri: at }]),
    (data) =>
      data.changedSince([{ kind: "listing", uri: inFolder, options: { verb: "list" }, digest: "", entries: 1 }]),
  ],
  exists: [(data) => data.exists(at), (data) => data.exists(inFolder)],
  usage: [(data) => data.usage(inFolder)],
  walk: [(data) => drain(data.walk(inFolder))],
  readMany: [(data) => drain(data.readMany(inFolder)), (data) => data.readMany([at], { as: "text" }).toArray()],
  copy: [(data) => data.copy(at, `${folder}/`), (data) => data.copy(inFolder, "s3://c/")],
  copyNew: [(data) => data.copyNew(inFolder, join(folder, "new"))],
  sync: [(data) => data.sync(inFolder, join(folder, "synced")), (data) => data.sync(folder, inFolder)],
  zarr: [(data) => data.zarr(inFolder).get("/zarr.json")],
  dataset: [(data) => data.dataset(inFolder).open(), (data) => data.dataset(inFolder).gc()],
  pack: [(data) => data.pack(folder, "s3://b/m.zip")],
  unpack: [
    (data) => data.unpack("s3://b/m.zip", join(folder, "unpacked")),
    (data) => data.unpack("s3://b/m.tar.gz", join(folder, "unpacked")),
  ],
  archive: [
    (data) => drain(data.archive("s3://b/m.zip").list()),
    (data) => data.archive("s3://b/m.tar").readBytes("a"),
  ],
  "snapshots.save": [(data) => data.with({ root: "s3://b/" }).snapshots.save("a", folder)],
  "snapshots.restore": [(data) => data.with({ root: "s3://b/" }).snapshots.restore("a", join(folder, "restored"))],
  "snapshots.list": [(data) => drain(data.with({ root: "s3://b/" }).snapshots.list())],
  "snapshots.clear": [(data) => data.with({ root: "s3://b/" }).snapshots.clear()],
  move: [(data) => data.move(at, "s3://b/other")],
  remove: [(data) => data.remove(at), (data) => data.remove(inFolder, { recursive: true })],
  createBucket: [(data) => data.createBucket("s3://new")],
  removeBucket: [(data) => data.removeBucket("s3://b")],
  presign: [(data) => data.presign(at)],
  resolve: [(data) => data.resolve(at)],
  with: [(data) => data.with({ region: "us-east-2" }).readText(at)],
  localFolder: [(data) => data.localFolder([at, "s3://b/k2"])],
  "cache.explain": [(data) => data.cache.explain(at)],
  "cache.link": [(data) => data.cache.link(join(folder, "tree"))],
  "cache.stats": [(data) => data.cache.stats()],
  "cache.list": [(data) => data.cache.list().toArray()],
  "cache.prune": [(data) => data.cache.prune({ maxBytes: 0 })],
  "cache.clear": [(data) => data.cache.clear()],
  "cache.verify": [(data) => data.cache.verify({ repair: true })],
  "cache.pin": [(data) => data.cache.pin(inFolder), (data) => data.cache.pin([at])],
  "cache.unpin": [(data) => data.cache.unpin(inFolder), (data) => data.cache.unpin(at)],
  "cache.pins": [(data) => data.cache.pins().toArray()],
  "jobs.list": [(data) => data.jobs.list()],
  "jobs.resume": [(data) => unlessMissing(data.jobs.resume("0123456789abcdef"))],
  "jobs.abort": [(data) => unlessMissing(data.jobs.abort("0123456789abcdef"))],
  "jobs.gc": [(data) => data.jobs.gc()],
  "jobs.uploads": [(data) => data.jobs.uploads(inFolder)],
  "jobs.abortUploads": [(data) => data.jobs.abortUploads(inFolder)],
  "offline.outbox": [(data) => data.offline.outbox()],
  "offline.push": [(data) => data.offline.push()],
  "offline.discard": [(data) => unlessMissing(data.offline.discard("1-00000000"))],
  "offline.save": [(data) => unlessMissing(data.offline.save("1-00000000", join(folder, "saved")))],
  "offline.status": [(data) => data.offline.status(), (data) => data.offline.status(inFolder)],
};

/** Whoever gives credentials, names the region or stands between is the counting server, too. */
const open = (network: "offline" | "online", cached: boolean, static_: boolean): Depot =>
  entrepot({
    endpoint: `http://localhost:${port}`,
    network,
    cache: cached ? { dir: join(folder, "cache") } : false,
    retries: { attempts: 1 },
    envFile: false,
    ...(static_ ? { credentials: { accessKeyId: "a", secretAccessKey: "b" }, region: "us-east-1" } : {}),
    env: {
      HOME: folder,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://localhost:${port}`,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://localhost:${port}/credentials`,
      HTTPS_PROXY: `http://localhost:${port}`,
    },
  }) as Depot;

/** `cache.list`, `readText` … as they stand on the object. */
function verbsOf(object: object, room = ""): string[] {
  return Object.entries(object).flatMap(([name, value]) => {
    if (typeof value === "function") return name === "close" ? [] : [`${room}${name}`];
    return typeof value === "object" && value !== null ? verbsOf(value, `${room}${name}.`) : [];
  });
}

test("there is a call here of every verb", async () => {
  await using data = open("offline", true, true);
  expect(Object.keys(calls).sort()).toEqual(verbsOf(data).sort());
});

describe.each([
  ["with a cache and credentials", true, true],
  ["without a cache", false, true],
  ["with credentials that others give", true, false],
])("offline, %s", (_, cached, static_) => {
  test.each(Object.entries(calls))("%s connects to nothing and looks up no name", async (verb, each) => {
    await using data = open("offline", cached, static_);
    for (const call of each) {
      const outcome = await Promise.resolve()
        .then(() => call(data))
        .then(
          () => "done",
          (error: { readonly name: string; readonly code?: string }) => error.code ?? error.name,
        );
      // what is in the outbox is known here
      const isLocal = verb.startsWith("offline.") && outcome === "not-found";
      expect([isLocal ? outcome : "done", "not-cached", "unreachable", "misconfigured", "unauthenticated"]).toContain(
        outcome,
      );
    }
    expect([connections, lookup.mock.calls]).toEqual([0, []]);
  });
});

test("the counter counts: online the same calls arrive, and look the name up", async () => {
  await using data = open("online", true, true);
  await expect(data.readText(at)).rejects.toMatchObject({ code: "forbidden" });
  expect(connections).toBeGreaterThan(0);
  expect(lookup).toHaveBeenCalled();
  connections = 0;
  await using asked = open("online", true, false);
  await expect(asked.readText(at)).rejects.toMatchObject({ name: "EntrepotError" });
  expect(connections).toBeGreaterThan(0);
});
