/** Whose word counts on whether what a kept result was made from is as it was: that of the stores which were read, and no other's. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot, recordReads } from "entrepot";
import { cached, type ResultStore, resultStore } from "entrepot/flow";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

let [here, there]: S3Server[] = [];
let results: ResultStore;
let folder = "";
const depots: Depot[] = [];
const opened = (options: Parameters<typeof entrepot>[0]): Depot => {
  const depot = entrepot({ envFile: false, cache: false, ...options });
  depots.push(depot);
  return depot;
};
const uri = "s3://b/input.txt";
/** Makes a depot one that the store of results knows. */
const makeKnown = (depot: Depot, address = uri) => cached(async () => depot.exists(address), { results })();

beforeAll(async () => {
  [here, there] = await Promise.all([startS3Server({ buckets: ["b"] }), startS3Server({ buckets: ["b"] })]);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entrepot-origins-"));
  results = resultStore({ dir: join(folder, "results"), data: opened({ ...there?.options }) });
  return async () => {
    await results.close();
    await Promise.all(depots.splice(0).map((depot) => depot.close()));
    rmSync(folder, { recursive: true });
  };
});
afterAll(async () => {
  await here?.close();
  await there?.close();
});

test.each(["an object", "an absence", "a listing", "a glob"])("of %s another endpoint cannot tell", async (what) => {
  const [own, other] = [opened({ ...here?.options }), opened({ ...there?.options })];
  for (const depot of [own, other]) {
    await depot.remove("s3://b/", { recursive: true });
    if (what !== "an absence") await depot.writeText(uri, "one");
  }
  const read = cached(
    async () => {
      if (what === "an object") return own.readText(uri);
      if (what === "an absence") return own.exists(uri);
      if (what === "a glob") return own.glob("s3://b/*.txt").uris();
      return own.list("s3://b/").uris();
    },
    { results },
  );
  const before = await read();
  await makeKnown(other);
  expect(await read()).toEqual(before);
  await own.writeText(what === "an object" || what === "an absence" ? uri : "s3://b/more.txt", "other");
  expect(await read()).not.toEqual(before);
});

test("one memory is not another", async () => {
  const [own, other] = [opened({}), opened({})];
  const read = cached(async () => own.readText("memory:///x", { onError: "allow-missing" }), { results });
  expect(await read()).toBeUndefined();
  await makeKnown(other, "memory:///x");
  await own.writeText("memory:///x", "there");
  expect(await read()).toBe("there");
});

test("who is offline does not answer for who is not", async () => {
  const own = opened({ ...here?.options });
  await own.writeText(uri, "one");
  const offline = opened({ ...here?.options, cache: { dir: join(folder, "cache") } });
  await offline.readText(uri);
  const read = cached(async () => own.readText(uri), { results });
  expect(await read()).toBe("one");
  await makeKnown(offline.with({ network: "offline" }));
  await own.writeText(uri, "two");
  expect(await read()).toBe("two");
});

test("the depot that a verb was taken out of is asked, and that of a function whose code a version stands for", async () => {
  const own = opened({ ...here?.options });
  await own.writeText(uri, "one");
  let calls = 0;
  const { readText } = own;
  const byVerb = cached(
    async function byVerb() {
      calls += 1;
      return readText(uri);
    },
    { results, ignore: ["calls"] },
  );
  const byVersion = cached(
    async function byVersion() {
      calls += 1;
      return own.readText(uri);
    },
    { results, version: 1 },
  );
  for (const read of [byVerb, byVersion]) {
    calls = 0;
    expect([await read(), await read(), calls]).toEqual(["one", "one", 1]);
  }
});

test("the same address in two stores is two reads, and what was written to one is no work of one's own in the other", async () => {
  const [own, other] = [opened({ ...here?.options }), opened({ ...there?.options })];
  for (const depot of [own, other]) await depot.writeText(uri, "one");
  const { reads } = await recordReads(async () => {
    await other.writeText("s3://b/out.txt", "x");
    await own.exists("s3://b/out.txt");
    return [await own.readText(uri), await other.readText(uri)];
  });
  expect(reads.map((read) => [read.uri, read.origin])).toEqual([
    ["s3://b/out.txt", expect.stringContaining(here?.options.endpoint ?? "")],
    [uri, expect.stringContaining(here?.options.endpoint ?? "")],
    [uri, expect.stringContaining(there?.options.endpoint ?? "")],
  ]);
  expect(await own.changedSince(reads)).toMatchObject([
    { kind: "unknown", why: expect.stringContaining("at another store") },
  ]);
});
