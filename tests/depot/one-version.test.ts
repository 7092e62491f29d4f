import { gunzipSync, gzipSync } from "node:zlib";
import type { Depot } from "entrepot";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Bench, backends, openS3 } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });
const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

describe("ranges of an object that others replace, on S3", () => {
  let bench: Awaited<ReturnType<typeof openS3>>;
  beforeEach(async () => {
    bench = await openS3(false);
  });
  afterEach(() => bench.close());

  test("open ranges belong to the version whose size they were counted from", async () => {
    await bench.data.writeBytes("x", bytes(10, 1));
    bench.s3.inject({ method: "GET", effect: { replaceWith: bytes(16, 2) } });
    await expect(bench.data.readRanges("x", [{ start: 0, end: 1 }, { suffix: 2 }])).rejects.toEqual(code("changed"));
  });

  test("a replacement between two fetches is changed, for nobody gave a condition", async () => {
    await bench.data.writeBytes("x", bytes(300_000, 1));
    bench.s3.inject({ method: "GET", after: 1, effect: { replaceWith: bytes(300_000, 2) } });
    const ranges = [
      { start: 0, end: 1 },
      { start: 200_000, end: 200_001 },
    ];
    await expect(bench.data.readRanges("x", ranges)).rejects.toEqual(code("changed"));
  });

  test("a stream decodes what only the header says, as a whole read does", async () => {
    const stored = gzipSync("a text");
    const put = await fetch(await bench.data.presign("x.txt", { method: "PUT" }), {
      method: "PUT",
      body: stored,
      headers: { "content-encoding": "gzip" },
    });
    expect(put.status).toBe(200);
    const streamed = await new Response(bench.data.readStream("x.txt", { decompress: "by-suffix" })).text();
    expect(streamed).toBe(await bench.data.readText("x.txt"));
    expect(streamed).toBe("a text");
    const raw = await new Response(bench.data.readStream("x.txt")).arrayBuffer();
    expect(gunzipSync(raw).toString()).toBe("a text");
  });

  test("an address of one version cannot be written", async () => {
    const { data } = bench;
    const at = "s3://b/k?versionId=abc";
    const refused = code("invalid-address");
    await expect(data.writeText(at, "x")).rejects.toEqual(refused);
    await expect(data.writeBytes(at, bytes(1, 1))).rejects.toEqual(refused);
    await expect(data.writeLines(at, ["x"])).rejects.toEqual(refused);
    await expect(data.update(at, () => "x")).rejects.toEqual(refused);
    await expect(data.writeFrom(at, () => Promise.reject(new Error("was called")))).rejects.toEqual(refused);
    await expect(data.presign(at, { method: "PUT" })).rejects.toEqual(refused);
    expect(await data.exists("s3://b/k")).toBe(false);
  });
});

describe.each(backends)("updates on $name", ({ open }) => {
  let bench: Bench;
  let data: Depot;
  beforeAll(async () => {
    bench = await open();
    data = bench.data;
  });
  afterAll(() => bench.close());

  test("text goes back into the compression that it came out of", async () => {
    await data.writeJson("u/x.json.gz", { n: 1 });
    await data.update("u/x.json.gz", async (now) => {
      const value = (await now?.json()) as { readonly n: number } | undefined;
      return JSON.stringify({ n: (value?.n ?? 0) + 1 });
    });
    expect(await data.readJson("u/x.json.gz")).toEqual({ n: 2 });
    expect(gunzipSync(await data.readBytes("u/x.json.gz")).toString()).toBe('{"n":2}');
  });

  test("bytes are stored as they are", async () => {
    const packed = gzipSync("packed");
    await data.update("u/y.gz", () => packed);
    expect(await data.readText("u/y.gz")).toBe("packed");
  });

  test("sixty concurrent updates all come through", async () => {
    const add = () => data.update("u/n", async (now) => String(now === undefined ? 1 : Number(await now.text()) + 1));
    await Promise.all(Array.from({ length: 60 }, add));
    expect(await data.readText("u/n")).toBe("60");
  });

  test("an object that is removed between reading and swapping is made anew", async () => {
    await data.writeText("u/gone", "old");
    const seen: (string | undefined)[] = [];
    await data.update("u/gone", async (now) => {
      seen.push(await now?.text());
      if (seen.length === 1) await data.remove("u/gone");
      return "new";
    });
    expect(seen).toEqual(["old", undefined]);
    expect(await data.readText("u/gone")).toBe("new");
  });

  test("an update that is aborted asks for no further change", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    let changes = 0;
    const updating = data.update(
      "u/stopped",
      async () => {
        changes += 1;
        await data.writeText("u/stopped", `faster ${changes}`);
        if (changes === 2) stop.abort(reason);
        return "never";
      },
      { signal: stop.signal },
    );
    await expect(updating).rejects.toBe(reason);
    expect(changes).toBe(2);
    expect(await data.readText("u/stopped")).toBe("faster 2");
  });
});
