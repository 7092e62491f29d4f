/** What is said of what waits: why it is skipped, that it is damaged, behind what it is, and that a read was given it. */
import { readFile, writeFile } from "node:fs/promises";
import { type Depot, type DepotEvent, entrepot, type FileResult } from "entrepot";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

let bench: Awaited<ReturnType<typeof openS3>>;
let home: Depot;
let away: Depot;
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

test.each([
  ["anonymous", { anonymous: true }, /anonymous/],
  ["under another encryption", { sse: "AES256" }, /encryption/],
  ["for another bucket owner", { expectedBucketOwner: "111122223333" }, /expectedBucketOwner/],
] as const)(
  "who is %s is told why a push skips a change, in the dry run and the list as well",
  async (_, settings, why) => {
    await away.writeText(uri, "mine");
    const stranger = home.with(settings);
    const told: FileResult[] = [];
    bench.s3.clearRequests();
    for (const dryRun of [true, false]) await stranger.offline.push({ dryRun, onFile: (file) => told.push(file) });
    const skipped = { uri, action: "skip", reason: expect.stringMatching(why) };
    expect(told).toMatchObject([skipped, skipped]);
    expect(await stranger.offline.outbox()).toMatchObject([{ refusal: expect.stringMatching(why) }]);
    expect(await home.offline.outbox()).toMatchObject([{ refusal: undefined }]);
    expect(bench.s3.requests).toEqual([]);
  },
);

test("a change whose bytes are damaged is listed as damaged, and no dry run promises it", async () => {
  await away.writeText(uri, "mine");
  const [{ path } = { path: "" }] = await home.offline.outbox();
  const bytes = await readFile(path);
  bytes[1] = (bytes[1] ?? 0) ^ 1;
  await writeFile(path, bytes);
  expect(await home.offline.outbox()).toMatchObject([{ state: "damaged", uri }]);
  const { copied, failed } = await home.offline.push({ dryRun: true, onError: "ignore" });
  expect(copied.objects).toBe(0);
  expect(failed).toMatchObject([{ error: { code: "integrity" } }]);
});

test("what was behind a discarded change is behind the one before that, or nothing", async () => {
  for (const text of ["1", "2", "3"]) await away.writeText(uri, text);
  const [first, second] = await home.offline.outbox();
  await home.offline.discard(second?.id ?? "");
  expect((await home.offline.outbox()).map(({ after }) => after)).toEqual([undefined, first?.id]);
  await home.offline.discard(first?.id ?? "");
  expect((await home.offline.outbox()).map(({ after }) => after)).toEqual([undefined]);
});

test("a read of what waits says so offline as well, each time", async () => {
  await away.writeText(uri, "mine");
  const events: DepotEvent[] = [];
  const told = away.with({ onEvent: (event) => events.push(event) });
  expect(await told.readText(uri)).toBe("mine");
  expect(await told.exists(uri)).toBe(true);
  const read = { type: "queued", uri, operation: "read" };
  expect(events).toMatchObject([read, read]);
});

test("a removal that waits is told as queued, one or many, and one that is made is not", async () => {
  for (const key of ["a.txt", "b.txt", "c.txt", "d.txt"]) {
    await other.writeText(key === "a.txt" ? uri : `s3://b/root/${key}`, "x");
    await home.readText(`s3://b/root/${key}`);
  }
  const told: FileResult[] = [];
  const onFile = (file: FileResult) => told.push(file);
  await away.remove(uri, { onFile });
  await away.remove(["s3://b/root/b.txt", "s3://b/root/c.txt"], { onFile });
  expect(told.map(({ queued }) => queued)).toEqual([true, true, true]);
  await home.remove("s3://b/root/d.txt", { onFile });
  expect(told.at(-1)).not.toHaveProperty("queued");
});

test("what waits is not moved: nothing is copied, removed or queued", async () => {
  await other.writeText(uri, "theirs");
  await home.readText(uri);
  await away.writeText(uri, "mine");
  for (const target of ["s3://b/root/moved.txt", `file://${bench.folder}/moved.txt`]) {
    const moving = home.move(uri, target);
    await expect(moving).rejects.toMatchObject({ code: "busy", hint: expect.stringMatching(/offline push/) });
    expect(await other.exists("s3://b/root/moved.txt")).toBe(false);
  }
  expect(await home.exists(`file://${bench.folder}/moved.txt`)).toBe(false);
  expect(await home.offline.outbox()).toHaveLength(1);
  await home.offline.push();
  await home.move(uri, "s3://b/root/moved.txt");
  expect(await other.readText("s3://b/root/moved.txt")).toBe("mine");
});

test("without a cache the way to an outbox is the cache", async () => {
  await expect(away.with({ cache: false }).writeText(uri, "x")).rejects.toMatchObject({
    code: "unreachable",
    hint: expect.stringMatching(/leave out cache: false/),
  });
});
