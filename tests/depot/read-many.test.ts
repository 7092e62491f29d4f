import { gzipSync } from "node:zlib";
import { type Depot, type DepotEvent, type EntrepotError, entrepot, type Progress } from "entrepot";
import { startS3Server, virtualClock } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, expectTypeOf, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { type Bench, backends, openS3 } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });

describe.each(backends)("many objects on $name", ({ open }) => {
  let bench: Bench;
  let data: Depot;
  beforeEach(async () => {
    bench = await open();
    data = bench.data;
  });
  afterEach(() => bench.close());

  const keys = ["a.txt", "deep/b.txt", "z.txt"];
  const write = () => Promise.all(keys.map((key) => data.writeText(`in/${key}`, `${key}\nsecond\n`)));

  test("a folder is read in the order of its keys, each with what it is", async () => {
    await write();
    const found = await data.readMany("in/", { as: "text" }).toArray();
    expectTypeOf(found[0]?.text).toEqualTypeOf<string | undefined>();
    expect(found.map(({ path, text }) => [path, text])).toEqual(keys.map((key) => [key, `${key}\nsecond\n`]));
    const entries = await data.list("in/").toArray();
    expect(found.map(({ uri, etag, sizeBytes }) => ({ uri, etag, sizeBytes }))).toEqual(
      entries.map(({ uri, etag, sizeBytes }) => ({ uri, etag, sizeBytes })),
    );
  });

  test("a listing, a glob, a list, a prefix and one object are read alike", async () => {
    await write();
    const paths = async (reads: AsyncIterable<{ readonly path: string }>) => {
      const all: string[] = [];
      for await (const { path } of reads) all.push(path);
      return all;
    };
    expect(await paths(data.readMany(data.list("in/", { depth: 1 })))).toEqual(["a.txt", "z.txt"]);
    expect(await paths(data.readMany(data.glob("in/**/b.txt")))).toEqual(["deep/b.txt"]);
    expect(await paths(data.readMany(["in/z.txt", "in/deep/"]))).toEqual(["z.txt", "b.txt"]);
    expect(await paths(data.readMany("in/d", { prefix: true }))).toEqual(["deep/b.txt"]);
    expect(await paths(data.readMany("in/z.txt"))).toEqual(["z.txt"]);
    expect(await paths(data.readMany("in/", { match: /^deep/ }))).toEqual(["deep/b.txt"]);
    expect(await paths(data.readMany("nothing/"))).toEqual([]);
  });

  test("values are decoded by suffix, bytes are not unless told", async () => {
    const packed = gzipSync("1\n2\n");
    await data.writeBytes("gz/n.txt.gz", packed);
    const one = async (reads: AsyncIterable<object>) => {
      for await (const { uri: _, path: __, etag: ___, sizeBytes: ____, ...value } of reads as AsyncIterable<
        Record<string, unknown>
      >)
        return value;
      return undefined;
    };
    expect(await one(data.readMany("gz/"))).toEqual({ bytes: new Uint8Array(packed) });
    expect(await one(data.readMany("gz/", { as: "text" }))).toEqual({ text: "1\n2\n" });
    expect(await one(data.readMany("gz/", { as: "lines" }))).toEqual({ lines: ["1", "2"] });
    expect(await one(data.readMany("gz/", { as: "bytes", decompress: "by-suffix" }))).toEqual({
      bytes: new TextEncoder().encode("1\n2\n"),
    });
  });

  test("JSON is checked by a schema, which gives it its type", async () => {
    await data.writeJson("j/1.json", { n: 1 });
    await data.writeJson("j/2.json", { n: "two" });
    const reads = data.readMany("j/", { as: "json", schema: z.object({ n: z.number() }), onError: "ignore" });
    const found: number[] = [];
    for await (const { json } of reads) found.push(json.n);
    expect(found).toEqual([1]);
    await expect(data.readMany("j/", { as: "json", schema: z.object({ n: z.number() }) }).toArray()).rejects.toEqual(
      expect.objectContaining({ code: "malformed", uri: expect.stringContaining("j/2.json") }),
    );
  });

  test("all of them are one stream of bytes, or lines that say where they come from", async () => {
    await data.writeText("l/1.csv", "h\na");
    await data.writeText("l/2.csv", "");
    await data.writeText("l/3.csv", "h\nb\nc\n");
    const bytes: Uint8Array[] = [];
    for await (const chunk of data.readMany("l/").stream()) bytes.push(chunk);
    expect(Buffer.concat(bytes).toString()).toBe("h\nah\nb\nc\n");
    const lines = async (header: boolean) => {
      const all: string[] = [];
      for await (const { path, line } of data.readMany("l/").lines({ header })) all.push(`${path}:${line}`);
      return all;
    };
    expect(await lines(false)).toEqual(["1.csv:h", "1.csv:a", "3.csv:h", "3.csv:b", "3.csv:c"]);
    expect(await lines(true)).toEqual(["1.csv:h", "1.csv:a", "3.csv:b", "3.csv:c"]);
    await data.writeText("l/4.csv", "other\nd\n");
    await expect(lines(true)).rejects.toEqual(
      expect.objectContaining({ code: "malformed", uri: expect.stringContaining("l/4.csv") }),
    );
  });

  test("a large object comes as it arrives, between small ones, and in one piece where it is wanted whole", async () => {
    const large = new Uint8Array(20_000_000).map((_, index) => index % 251);
    await data.writeText("mix/a", "before");
    await data.writeBytes("mix/b", large);
    await data.writeText("mix/c", "after");
    const seen: (readonly [string, number, number])[] = [];
    for await (const { path, stream } of data.readMany("mix/", { as: "stream" })) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      const all = Buffer.concat(chunks);
      seen.push([path, all.byteLength, path === "b" ? Buffer.compare(all, large) : 0]);
    }
    expect(seen).toEqual([
      ["a", 6, 0],
      ["b", large.byteLength, 0],
      ["c", 5, 0],
    ]);
    // a stream that nobody reads is left when the next object is asked for
    const paths: string[] = [];
    for await (const { path } of data.readMany("mix/", { as: "stream" })) paths.push(path);
    expect(paths).toEqual(["a", "b", "c"]);
    const whole = await data.readMany(["mix/a", "mix/b"]).toArray();
    expect(Buffer.compare(whole[1]?.bytes ?? large, large)).toBe(0);
  });

  test("a failing object is named, after all before it; with a policy it is left out and told of", async () => {
    await write();
    const list = ["in/a.txt", "in/gone.txt", "in/z.txt"];
    const seen: string[] = [];
    const reading = async () => {
      for await (const { path } of data.readMany(list)) seen.push(path);
    };
    await expect(reading()).rejects.toEqual(
      expect.objectContaining({ code: "not-found", uri: expect.stringContaining("in/gone.txt") }),
    );
    expect(seen).toEqual(["a.txt"]);
    for (const onError of ["allow-missing", "ignore"] as const) {
      const skipped: EntrepotError[] = [];
      const onSkipped = (error: EntrepotError) => void skipped.push(error);
      const found = await data.readMany(list, { onError, onSkipped }).toArray();
      expect([found.map(({ path }) => path), skipped.map((error) => [error.code, error.uri?.slice(-8)])]).toEqual([
        ["a.txt", "z.txt"],
        [["not-found", "gone.txt"]],
      ]);
    }
    await data.writeText("bad/1.json", "{");
    await expect(data.readMany("bad/", { as: "json", onError: "allow-missing" }).toArray()).rejects.toEqual(
      code("malformed"),
    );
    const events: DepotEvent[] = [];
    const told = data.with({ onEvent: (event) => void events.push(event) });
    expect(await told.readMany("bad/", { as: "json", onError: "warn" }).toArray()).toEqual([]);
    expect(events.filter(({ type }) => type === "warning")).toHaveLength(1);
  });

  test("progress counts objects and bytes, the total once the listing has ended", async () => {
    await write();
    const progress: Progress[] = [];
    await data.readMany("in/", { onProgress: (told) => void progress.push(told) }).toArray();
    expect(progress.map(({ doneObjects }) => doneObjects)).toEqual([1, 2, 3]);
    expect(progress.at(-1)).toMatchObject({ totalObjects: 3, doneBytes: 44, totalBytes: 44 });
  });

  test("an abort ends the loop with its reason, and so does the end of the depot", async () => {
    await write();
    const control = new AbortController();
    const aborted = async () => {
      for await (const _ of data.readMany("in/", { signal: control.signal })) control.abort(new Error("enough"));
    };
    await expect(aborted()).rejects.toThrow("enough");
    const closed = async () => {
      for await (const _ of data.readMany("in/")) await data.close();
    };
    await expect(closed()).rejects.toThrow("this depot was closed");
  });

  test("an option that there is none of is refused at once", () => {
    expect(() => data.readMany("in/", { as: "csv" as "text" })).toThrow(TypeError);
    expect(() => data.readMany("in/", { lookAhead: 0 })).toThrow(RangeError);
    expect(() => data.readMany("in/", { onSkiped: () => undefined } as object)).toThrow("onSkipped");
  });
});

describe("many objects, as the server sees them", () => {
  test("100 objects of a folder cost one listing and a GET each, and a second time no body", async () => {
    const bench = await openS3(true);
    onTestFinished(() => bench.close());
    const { data, s3 } = bench;
    const plain = data.with({ cache: false });
    await Promise.all(Array.from({ length: 100 }, (_, n) => plain.writeText(`n/${String(n).padStart(3, "0")}`, "x")));
    for (const bodies of [100, 0]) {
      s3.clearRequests();
      expect(await data.readMany("n/").toArray()).toHaveLength(100);
      const operations = s3.requests.map(({ operation }) => operation);
      expect(operations.filter((operation) => operation === "ListObjectsV2")).toHaveLength(1);
      expect(operations.filter((operation) => operation === "GetObject")).toHaveLength(100);
      expect(operations).toHaveLength(101);
      expect(s3.requests.filter(({ operation, status }) => operation === "GetObject" && status === 200)).toHaveLength(
        bodies,
      );
    }
    s3.clearRequests();
    await data.readMany(["n/001", "n/002"], { cache: "bypass" }).toArray();
    expect(s3.requests.map(({ operation }) => operation)).toEqual(["GetObject", "GetObject"]);
  });

  test("a slow object holds up none of those that are fetched ahead, and its bytes come first", async () => {
    const clock = virtualClock({ byHand: true });
    const s3 = await startS3Server({ buckets: ["b"], clock });
    const data = entrepot({ ...s3.options, env: {}, envFile: false, cache: false });
    onTestFinished(async () => {
      await data.close();
      await s3.close();
    });
    for (let n = 0; n < 9; n += 1) await data.writeText(`s3://b/k/${n}`, String(n));
    s3.inject("GetObject k/0 latency 1m");
    s3.clearRequests();
    const found: string[] = [];
    const reading = (async () => {
      for await (const { text } of data.readMany("s3://b/k/", { as: "text", lookAhead: 5 })) found.push(text);
    })();
    const answered = () => s3.requests.filter(({ operation, status }) => operation === "GetObject" && status === 200);
    await vi.waitFor(() =>
      expect(
        answered()
          .map(({ key }) => key)
          .sort(),
      ).toEqual(["k/1", "k/2", "k/3", "k/4"]),
    );
    expect(found).toEqual([]);
    expect(s3.requests.some(({ key }) => key === "k/5")).toBe(false);
    clock.advance(60_000);
    await reading;
    expect(found).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
  });

  test("leaving the loop ends what is under way", async () => {
    const clock = virtualClock({ byHand: true });
    const s3 = await startS3Server({ buckets: ["b"], clock });
    const data = entrepot({ ...s3.options, env: {}, envFile: false, cache: false });
    onTestFinished(() => s3.close());
    for (let n = 0; n < 4; n += 1) await data.writeText(`s3://b/k/${n}`, String(n));
    s3.inject("GetObject {k/1,k/2} latency 1m x2");
    for await (const { path } of data.readMany("s3://b/k/")) {
      expect(path).toBe("0");
      break;
    }
    // would wait for requests that are still under way
    await data.close();
  });
});
