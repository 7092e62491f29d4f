/** A push that is cut off, by the network or by a kill: the next one finishes it, and nothing is written twice or over another's. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Depot, entrepot } from "../../src/index.ts";
import { type S3Server, startS3Server } from "../../src/testing/index.ts";

let s3: S3Server;
let folder: string;
let options: Parameters<typeof entrepot>[0];
const open: Depot[] = [];
const depot = (more: object = {}): Depot => {
  const opened = entrepot({ ...options, ...more }) as Depot;
  open.push(opened);
  return opened;
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-"));
  s3 = await startS3Server({ buckets: ["b"] });
  const cache = { dir: join(folder, "cache") };
  options = { ...s3.options, cache, env: {}, envFile: false, outbox: true, retries: { attempts: 1 } };
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

const uri = "s3://b/a.bin";
/** A request on a connection that served before is sent a second time by itself. */
const losing = (operation: string, times = 1) => s3.inject({ operation, effect: { loseAnswer: true }, times });
/** Meets what faults are left. */
const mend = async () => {
  const other = depot({ cache: false });
  while (s3.pendingFaults.length > 0) {
    await other.writeText("s3://b/else", "").catch(() => undefined);
    await other.remove("s3://b/else").catch(() => undefined);
  }
};
const changes = () => s3.requests.filter(({ method, status }) => method !== "GET" && method !== "HEAD" && status < 300);

describe("when the answer to what is sent is lost", () => {
  const large = new Uint8Array(17 * 1024 * 1024).fill(7);
  const rows = [
    { what: "a small write", operation: "PutObject", body: new Uint8Array([1, 2, 3]), times: 1 },
    { what: "a large one", operation: "CompleteMultipartUpload", body: large, times: 1 },
  ] as const;
  test.each(rows)("$what is known again by the next push, and not written anew", async ({ operation, body }) => {
    await depot({ network: "offline" }).writeBytes(uri, body);
    losing(operation);
    const home = depot();
    const first = await home.offline.push({ onError: "ignore" });
    if (first.failed.length > 0) {
      expect(first.failed).toMatchObject([{ error: { code: "unreachable" } }]);
      expect(await home.offline.outbox()).toMatchObject([{ state: "waiting" }]);
      s3.clearRequests();
      expect(await home.offline.push()).toMatchObject({ copied: { objects: 1 }, failed: [] });
      expect(changes()).toEqual([]);
    }
    expect(await home.offline.outbox()).toEqual([]);
    expect((await home.readBytes(uri)).byteLength).toBe(body.byteLength);
  });

  test("a removal is known by there being nothing", async () => {
    const home = depot();
    await home.writeText(uri, "old");
    await depot({ network: "offline" }).remove(uri);
    losing("DeleteObject", 4);
    await home.offline.push({ onError: "ignore" });
    await mend();
    expect(await home.offline.push()).toMatchObject({ failed: [] });
    expect(await home.offline.outbox()).toEqual([]);
    expect(await home.exists(uri)).toBe(false);
  });

  test("and another wrote meanwhile: that is a conflict, and theirs stays", async () => {
    await depot({ network: "offline" }).writeText(uri, "mine");
    losing("PutObject");
    const home = depot();
    await home.offline.push({ onError: "ignore" });
    const other = depot({ cache: false });
    await other.writeText(uri, "theirs");
    await expect(home.offline.push()).rejects.toMatchObject({ code: "precondition-failed" });
    expect(await other.readText(uri)).toBe("theirs");
  });

  test("of a write that was not queued: it waits as one that was sent, and is known again", async () => {
    const home = depot();
    losing("PutObject", 4);
    expect(await home.writeText(uri, "mine")).toMatchObject({ queued: true });
    await mend();
    expect(await home.offline.outbox()).toMatchObject([{ attempted: true }]);
    s3.clearRequests();
    expect(await home.offline.push()).toMatchObject({ copied: { objects: 1 }, failed: [] });
    expect(changes()).toEqual([]);
  });

  test("of a write that was not queued, and another wrote meanwhile: theirs stays", async () => {
    const home = depot();
    await home.writeText(uri, "old");
    losing("PutObject", 4);
    expect(await home.writeText(uri, "mine")).toMatchObject({ queued: true });
    await mend();
    const other = depot({ cache: false });
    await other.writeText(uri, "theirs");
    await expect(home.offline.push()).rejects.toMatchObject({ code: "precondition-failed" });
    expect(await other.readText(uri)).toBe("theirs");
  });

  test("a stream that was begun does not wait: it cannot be read twice", async () => {
    const home = depot();
    losing("PutObject", 4);
    const once = async function* () {
      yield new Uint8Array(3);
    };
    await expect(home.writeStream(uri, once())).rejects.toMatchObject({ code: "unreachable" });
    expect(await home.offline.outbox()).toEqual([]);
  });
});

test("the same bytes by somebody else are no conflict, also where no mark is kept", async () => {
  await depot({ network: "offline" }).writeText(uri, "the same");
  await depot({ cache: false }).writeText(uri, "the same");
  const home = depot();
  expect(await home.offline.push()).toMatchObject({ failed: [] });
  expect(await home.offline.outbox()).toEqual([]);
});

async function removeLocks(): Promise<number> {
  const [user = ""] = (await readdir(join(folder, "cache", "outbox"))).filter((name) => name !== "README");
  const own = join(folder, "cache", "outbox", user);
  const locks = (await readdir(own)).filter((name) => name.endsWith(".lock"));
  for (const lock of locks) await rm(join(own, lock), { force: true });
  return locks.length;
}

test("with every lock taken away at once, two pushes make each change once", async () => {
  const offline = depot({ network: "offline" });
  for (let index = 0; index < 12; index += 1) await offline.writeText(`s3://b/k${index % 4}`, `v${index}`);
  const [one, two] = [depot(), depot()];
  let isOver = false;
  const taking = (async () => {
    while (!isOver) await removeLocks();
  })();
  s3.clearRequests();
  await Promise.all([one.offline.push({ onError: "ignore" }), two.offline.push({ onError: "ignore" })]);
  isOver = true;
  await taking;
  await one.offline.push();
  expect(await one.offline.outbox()).toEqual([]);
  for (let index = 0; index < 4; index += 1) expect(await one.readText(`s3://b/k${index}`)).toBe(`v${8 + index}`);
  expect(changes()).toHaveLength(12);
});
