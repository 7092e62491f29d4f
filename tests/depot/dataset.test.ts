/** A dataset of many files on every backend: published as one, read one generation at a time, rolled back, collected. */
import type { Dataset, Depot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backends, openS3 } from "./backends.ts";

const gone = { olderThan: 0, keep: 1 } as const;

// behind a cache is S3 and more
const places = backends.filter(({ name }) => name !== "S3 without a cache");

describe.each(places)("a dataset on $name", ({ open }) => {
  let bench: Awaited<ReturnType<typeof open>>;
  let data: Depot;
  let dataset: Dataset<Depot>;
  beforeEach(async () => {
    bench = await open();
    ({ data } = bench);
    dataset = data.dataset("prices");
  });
  afterEach(() => bench.close());

  /** Two files that must agree. */
  const publish = (value: string, options?: Parameters<typeof dataset.publish>[1]) =>
    dataset.publish(async (stage) => {
      await stage.data.writeText("a.txt", value);
      await data.writeText(`${stage.uri}deep/b.txt`, value);
    }, options);
  const current = async () => {
    const opened = await dataset.open();
    return [await opened.data.readText("a.txt"), await opened.data.readText("deep/b.txt")];
  };
  const files = async () => (await data.list(dataset.uri).toArray()).map(({ path }) => path);

  test("is published by a function, and its files are those of the manifest", async () => {
    const first = await publish("one");
    expect(first).toMatchObject({ objects: 2, sizeBytes: 6, isCurrent: true });
    expect(first.uri).toBe(`${dataset.uri}generations/${first.generation}/files/`);
    const opened = await dataset.open();
    expect(opened).toMatchObject({ generation: first.generation, uri: first.uri, objects: 2, sizeBytes: 6 });
    const entries = await opened.list().toArray();
    expect(entries).toEqual(await data.list(first.uri).toArray());
    expect(entries.map(({ path, uri }) => [path, uri])).toEqual([
      ["a.txt", `${first.uri}a.txt`],
      ["deep/b.txt", `${first.uri}deep/b.txt`],
    ]);
    await opened.close();
  });

  test("is published from a folder, and what was opened before stays as it was", async () => {
    await publish("one");
    const before = await dataset.open();
    await data.writeText("in/a.txt", "two");
    await data.writeText("in/deep/b.txt", "two");
    const second = await dataset.publish(data.resolve("in/"));
    expect(second).toMatchObject({ objects: 2, sizeBytes: 6 });
    expect(await current()).toEqual(["two", "two"]);
    expect(await before.data.readText("a.txt")).toBe("one");
    expect((await dataset.open({ generation: before.generation })).uri).toBe(before.uri);
  });

  test("has a history, and goes back to what is kept", async () => {
    const one = await publish("one");
    const two = await publish("two");
    const three = await publish("three");
    const names = async () => (await dataset.history()).map(({ generation, isCurrent }) => [generation, isCurrent]);
    expect(await names()).toEqual([
      [three.generation, true],
      [two.generation, false],
      [one.generation, false],
    ]);
    const plan = { generation: two.generation, isCurrent: false };
    expect(await dataset.rollback(undefined, { dryRun: true })).toMatchObject(plan);
    expect(await current()).toEqual(["three", "three"]);
    expect(await dataset.rollback()).toMatchObject({ generation: two.generation, isCurrent: true });
    expect(await current()).toEqual(["two", "two"]);
    await dataset.rollback(one.generation);
    expect(await current()).toEqual(["one", "one"]);
    await expect(dataset.rollback()).rejects.toMatchObject({ code: "not-found" });
    await expect(dataset.rollback("g000009-00000000")).rejects.toMatchObject({ code: "not-found" });
    await data.writeText(`${two.uri}a.txt`, "changed behind its back");
    await expect(dataset.rollback(two.generation)).rejects.toMatchObject({ code: "integrity" });
    expect(await current()).toEqual(["one", "one"]);
  });

  test("concurrent publishers: exactly one wins, the others' files are gone, and readers never see a mix", async () => {
    await publish("zero");
    let over = false;
    const reading = (async () => {
      const seen = new Set<string>();
      while (!over) {
        const [a, b] = await current();
        expect(a).toBe(b);
        seen.add(a ?? "");
        // memory answers without a turn of the event loop, and timers are for the others
        await new Promise((next) => setImmediate(next));
      }
      return seen;
    })();
    const base = (await dataset.open()).generation;
    const outcomes = await Promise.allSettled(["a", "b", "c", "d"].map((value) => publish(value, { base })));
    over = true;
    const won = outcomes.filter((outcome) => outcome.status === "fulfilled");
    expect(won).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "precondition-failed" });
    for (const value of await reading) expect(["zero", "a", "b", "c", "d"]).toContain(value);
    const kept = (await dataset.history()).map(({ generation }) => generation);
    expect(kept).toEqual([won[0]?.value.generation, base]);
    expect((await files()).filter((path) => !kept.some((name) => path.includes(name)))).toEqual(["current.json"]);
  });

  test("with rebase all of them are published, one after the other", async () => {
    await publish("zero");
    await Promise.all(["a", "b", "c"].map((value) => publish(value, { rebase: true })));
    expect(await dataset.history()).toHaveLength(4);
    const [a, b] = await current();
    expect(a).toBe(b);
  });

  test("a publisher that fails leaves nothing, and the old dataset", async () => {
    await publish("one");
    const before = await files();
    const failing = dataset.publish(async (stage) => {
      await stage.data.writeText("a.txt", "half");
      throw new Error("no more");
    });
    await expect(failing).rejects.toThrow("no more");
    await expect(dataset.publish(async () => undefined)).rejects.toMatchObject({ code: "not-found" });
    await expect(dataset.publish("nothing-there/")).rejects.toMatchObject({ code: "not-found" });
    await expect(publish("two", { base: "g000007-00000000" })).rejects.toMatchObject({ code: "precondition-failed" });
    const stop = new AbortController();
    const aborted = dataset.publish(
      async (stage) => {
        await stage.data.writeText("a.txt", "half");
        stop.abort(new Error("stop"));
      },
      { signal: stop.signal },
    );
    await expect(aborted).rejects.toThrow("stop");
    expect(await files()).toEqual(before);
    expect(await current()).toEqual(["one", "one"]);
  });

  test("gc keeps the newest and the current one, and what is young", async () => {
    const all = [];
    for (const value of ["one", "two", "three", "four"]) all.push(await publish(value));
    const [one, two, three, four] = all.map(({ generation }) => generation);
    await dataset.rollback(one);
    expect(await dataset.gc({ keep: 1 })).toMatchObject({ removed: [], objects: 0 });
    const plan = await dataset.gc({ keep: 2, olderThan: 0, dryRun: true });
    expect(plan).toMatchObject({ dryRun: true, removed: [two], abandoned: [] });
    const before = await files();
    expect(before.some((path) => path.includes(two ?? "?"))).toBe(true);
    expect(await dataset.gc({ keep: 2, olderThan: 0 })).toEqual({ ...plan, dryRun: false });
    expect((await dataset.history()).map(({ generation }) => generation)).toEqual([four, three, one]);
    expect(await files()).toEqual(before.filter((path) => !path.includes(two ?? "?")));
    expect(await current()).toEqual(["one", "one"]);
    await expect(dataset.rollback(two)).rejects.toMatchObject({ code: "not-found" });
  });

  test("a lease keeps a generation until it is closed or ends", async () => {
    await publish("one");
    const opened = await dataset.open({ lease: "1h" });
    await publish("two");
    expect(await dataset.gc(gone)).toMatchObject({ removed: [], leased: [opened.generation] });
    expect(await opened.data.readText("a.txt")).toBe("one");
    await opened.close();
    expect(await dataset.gc(gone)).toMatchObject({ removed: [opened.generation], leased: [] });
    const brief = await dataset.open({ lease: "1ms" });
    await publish("three");
    await expect.poll(() => dataset.gc(gone)).toMatchObject({ removed: [brief.generation] });
    expect((await files()).filter((path) => path.startsWith("leases/"))).toEqual([]);
  });

  test("a generation that is collected while it is published is not published", async () => {
    await publish("one");
    const late = dataset.publish(async (stage) => {
      await stage.data.writeText("a.txt", "two");
      expect(await dataset.gc({ olderThan: 0 })).toMatchObject({ abandoned: [stage.generation] });
    });
    await expect(late).rejects.toMatchObject({ code: "not-found" });
    const partly = dataset.publish(async (stage) => {
      await stage.data.writeText("a.txt", "two");
      await dataset.gc({ olderThan: 0 });
      await stage.data.writeText("b.txt", "two");
    });
    await expect(partly).rejects.toMatchObject({ code: "changed" });
    expect(await current()).toEqual(["one", "one"]);
  });

  test("nothing published is not found, and a folder of something else is malformed", async () => {
    await expect(dataset.open()).rejects.toMatchObject({ code: "not-found" });
    await expect(dataset.history()).rejects.toMatchObject({ code: "not-found" });
    expect(await dataset.gc(gone)).toMatchObject({ removed: [], abandoned: [] });
    await data.writeText("other/current.json", '{"version":1}');
    await expect(data.dataset("other/").open()).rejects.toMatchObject({ code: "malformed" });
    await expect(data.dataset("other/").publish("other/")).rejects.toMatchObject({ code: "malformed" });
    await data.writeText("other/current.json", '{"format":"entrepot-dataset/9"}');
    await expect(data.dataset("other/").open()).rejects.toMatchObject({ code: "unsupported" });
    await expect(dataset.gc({ keep: 0 })).rejects.toBeInstanceOf(RangeError);
    await expect(dataset.open({ pin: true } as never)).rejects.toBeInstanceOf(TypeError);
  });
});

test("to publish takes few requests beside those of the files, and to open takes one", async () => {
  const { data, s3, close } = await openS3(false);
  const prices = data.dataset("prices");
  const asked = () => {
    const by: Record<string, number> = {};
    for (const { operation = "?", status } of s3.requests)
      by[`${operation} ${status}`] = (by[`${operation} ${status}`] ?? 0) + 1;
    s3.clearRequests();
    return by;
  };
  const publish = () => prices.publish(async (stage) => void (await stage.data.writeText("a.txt", "one")));
  await publish();
  s3.clearRequests();
  await publish();
  // the pointer twice; claim, file, manifest, pointer; is the claim there; the files for the manifest and against it
  expect(asked()).toEqual({ "GetObject 200": 2, "PutObject 200": 4, "HeadObject 200": 1, "ListObjectsV2 200": 2 });
  await prices.open();
  expect(asked()).toEqual({ "GetObject 200": 1 });
  await prices.history();
  expect(asked()).toEqual({ "GetObject 200": 1 });
  await close();
});
