import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../../error/index.ts";
import { compareKeys } from "../../../uri/index.ts";
import type { ListPage, ObjectInfo } from "../../object-store.ts";
import { Bucket, infoOf } from "./bucket.fixture.ts";
import { keySpaces } from "./key-spaces.fixture.ts";
import type { OpenPages } from "./pages.ts";
import { shardedPages } from "./sharded-pages.ts";

/** As `toEqual`, a hundred times as fast. */
function isAsListed(object: ObjectInfo): boolean {
  const expected: Readonly<Record<string, unknown>> = { ...infoOf(object.key) };
  return Object.entries(object).every(([name, value]) => expected[name] === value);
}

const namesOf = ({ objects, folders }: ListPage) => [...objects.map(({ key }) => key), ...folders].sort(compareKeys);

async function listed(
  bucket: Bucket,
  { shards = 16, startAfter = "", signal = undefined as AbortSignal | undefined } = {},
): Promise<string[]> {
  const { prefix, rollUp } = bucket;
  const names: string[] = [];
  for await (const page of shardedPages(bucket.open, { shards, prefix, startAfter, rollUp, signal, uri: "s3://b/" })) {
    names.push(...namesOf(page));
    for (const object of page.objects) if (!isAsListed(object)) expect(object).toEqual(infoOf(object.key));
  }
  return names;
}

describe.each(Object.entries(keySpaces))("a listing of %s", (_name, make) => {
  const keys = make(40_000);
  const pages = Math.ceil(keys.length / 100);

  test("gives what one page after the other gives, for a third more of requests at the most", async () => {
    const bucket = new Bucket(keys, { pageSize: 100 });
    expect(await listed(bucket)).toEqual(keys);
    expect(bucket.requests).toBeLessThanOrEqual(1.34 * pages + 24);
    expect(bucket.mostInFlight).toBeLessThanOrEqual(16);
    expect(bucket.rounds).toBeLessThanOrEqual(pages + 4);
  });
});

test.each([
  ["padded numbers", 8],
  ["hashes", 2],
  ["numbers as they are", 2],
  ["single CJK characters", 8],
])("%s come at least %i times as fast as one page after the other", async (name, times) => {
  const keys = keySpaces[name]?.(40_000) ?? [];
  const bucket = new Bucket(keys, { pageSize: 100 });
  await listed(bucket);
  expect(bucket.rounds).toBeLessThanOrEqual(400 / times);
});

/** Keys over few letters, so that many share their beginnings, and any prefix of them. */
const letters = fc.constantFrom(
  "0",
  "1",
  "9",
  "a",
  "f",
  "z",
  "-",
  "/",
  "//",
  "é",
  "\uffee",
  "\u{10348}",
  "\u0001",
  "~",
);
const anyKeys = fc
  .uniqueArray(fc.string({ unit: letters, minLength: 1, maxLength: 8 }), { maxLength: 400 })
  .map((keys) => keys.sort(compareKeys));

test("any keys in pages of any size, below any prefix and behind any key, with and without roll-up", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyKeys,
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom("", "0", "a/", "/", "é", "a/a"),
      fc.boolean(),
      fc.integer({ min: 2, max: 9 }),
      fc.string({ unit: letters, maxLength: 3 }),
      async (keys, pageSize, prefix, rollUp, shards, start) => {
        const startAfter = rollUp ? "" : start;
        const settings = { prefix, pageSize, rollUp };
        const expected: string[] = [];
        const inTurn = new Bucket(keys, settings);
        for await (const page of inTurn.pages(startAfter, new AbortController().signal))
          expected.push(...namesOf(page));
        const bucket = new Bucket(keys, settings);
        expect(await listed(bucket, { shards, startAfter })).toEqual(expected);
        expect(bucket.requests).toBeLessThanOrEqual(1.34 * inTurn.requests + 4 + shards);
      },
    ),
    { numRuns: 300 },
  );
});

test("an ETag of any length moves no key", async () => {
  const keys = [...(keySpaces["hashes"]?.(5000) ?? []), "long"].sort(compareKeys);
  expect(await listed(new Bucket(keys, { pageSize: 100 }))).toEqual(keys);
});

test.each([1, 3, 10, 99, 1000])("a thousand of each kind in pages of %i", async (pageSize) => {
  for (const make of Object.values(keySpaces)) {
    const keys = make(1000);
    expect(await listed(new Bucket(keys, { pageSize }))).toEqual(keys);
  }
});

test("four pages cost what they cost one after the other", async () => {
  for (const count of [0, 1, 399, 400]) {
    const bucket = new Bucket(keySpaces["padded numbers"]?.(count) ?? [], { pageSize: 100 });
    await listed(bucket);
    expect(bucket.requests).toBe(Math.max(1, Math.ceil(count / 100)));
  }
});

test("nothing is asked for before it is wanted, and who leaves early has not paid for much more", async () => {
  const keys = keySpaces["padded numbers"]?.(100_000) ?? [];
  for (const wanted of [1, 4, 5, 20]) {
    const bucket = new Bucket(keys, { pageSize: 100 });
    const pages = shardedPages(bucket.open, {
      shards: 16,
      prefix: "",
      startAfter: "",
      rollUp: false,
      signal: undefined,
      uri: "",
    });
    expect(bucket.requests).toBe(0);
    let taken = 0;
    for await (const _ of pages) if (++taken === wanted) break;
    expect(bucket.requests).toBeLessThanOrEqual(wanted < 4 ? wanted : 3 * wanted + 4);
    expect(bucket.inFlight).toBe(0);
  }
});

test("what waits for its turn is bounded, whoever is slow", async () => {
  const bucket = new Bucket(keySpaces["hashes"]?.(100_000) ?? [], { pageSize: 100 });
  const settings = { shards: 8, prefix: "", startAfter: "", rollUp: false, signal: undefined, uri: "" };
  let taken = 0;
  for await (const _ of shardedPages(bucket.open, settings)) {
    taken += 1;
    if (taken % 40 === 0) for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(bucket.answered - taken).toBeLessThanOrEqual(8 * 4 + 8 + 0.34 * bucket.answered);
  }
});

test("keys that come and go meanwhile break no order, and those that stay are all there", async () => {
  const all = keySpaces["hashes"]?.(20_000) ?? [];
  const stay = all.filter((_, index) => index % 3 !== 0);
  const bucket = new Bucket(all, { pageSize: 50 });
  bucket.onRequest = (_, n) => {
    bucket.keys = all.filter((_key, index) => index % 3 !== 0 || (index * 7 + n) % 5 < 3);
  };
  const names = await listed(bucket);
  expect(names.every((name, at) => at === 0 || compareKeys(names[at - 1] ?? "", name) < 0)).toBe(true);
  const given = new Set(names);
  expect(stay.filter((key) => !given.has(key))).toEqual([]);
});

test("a server that takes no notice of a start is asked for one page after the other", async () => {
  const keys = keySpaces["padded numbers"]?.(5_000) ?? [];
  const bucket = new Bucket(keys, { pageSize: 100 });
  const deaf: OpenPages = (after, signal) => bucket.open(after === "" ? after : "", signal);
  const names: string[] = [];
  const settings = { shards: 16, prefix: "", startAfter: "", rollUp: false, signal: undefined, uri: "" };
  for await (const page of shardedPages(deaf, settings)) names.push(...namesOf(page));
  expect(names).toEqual(keys);
  expect(bucket.requests).toBeLessThanOrEqual(51);
});

test("a failure comes at its place: what lies before it has been given", async () => {
  const keys = keySpaces["padded numbers"]?.(20_000) ?? [];
  const bucket = new Bucket(keys, { pageSize: 100 });
  bucket.onRequest = (after) => {
    if (after >= "raw/000012") throw new EntrepotError("forbidden", "no");
  };
  const names: string[] = [];
  const settings = { shards: 16, prefix: "", startAfter: "", rollUp: false, signal: undefined, uri: "" };
  const all = async () => {
    for await (const page of shardedPages(bucket.open, settings)) names.push(...namesOf(page));
  };
  await expect(all()).rejects.toMatchObject({ code: "forbidden" });
  expect(names).toEqual(keys.slice(0, names.length));
  expect(names.length).toBeGreaterThanOrEqual(11_000);
  expect(bucket.inFlight).toBe(0);
});

test("an abort ends it with its reason, and nothing is in flight", async () => {
  const bucket = new Bucket(keySpaces["padded numbers"]?.(20_000) ?? [], { pageSize: 100 });
  const stop = new AbortController();
  bucket.onRequest = (_, n) => {
    if (n === 30) stop.abort(new Error("enough"));
  };
  await expect(listed(bucket, { signal: stop.signal })).rejects.toThrow("enough");
  expect(bucket.inFlight).toBe(0);
});
