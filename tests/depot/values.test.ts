import { gunzipSync } from "node:zlib";
import { type Depot, isEntrepotError } from "entrepot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, backends } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe.each(backends)("on $name", ({ open }) => {
  let bench: Bench;
  let data: Depot;
  beforeAll(async () => {
    bench = await open();
    data = bench.data;
  });
  afterAll(() => bench.close());

  describe("values", () => {
    test("text comes back as it was written", async () => {
      const written = await data.writeText("v/a.txt", "häß ☃ 😀\n");
      expect(written).toMatchObject({ uri: data.resolve("v/a.txt"), sizeBytes: 15 });
      expect(await data.readText("v/a.txt")).toBe("häß ☃ 😀\n");
      expect((await data.stat("v/a.txt")).etag).toBe(written.etag);
    });

    test("an empty object is not a missing one", async () => {
      await data.writeBytes("v/empty", new Uint8Array(0));
      expect(await data.readBytes("v/empty")).toEqual(new Uint8Array(0));
      expect(await data.exists("v/empty")).toBe(true);
      expect(await data.exists("v/missing")).toBe(false);
      expect(await data.readRange("v/empty", { start: 0, end: 10 })).toEqual(new Uint8Array(0));
      expect(await data.readLines("v/empty")).toEqual([]);
    });

    test("value verbs go by suffix both ways, byte verbs never", async () => {
      await data.writeText("v/c.txt.gz", "packed\n");
      expect(gunzipSync(await data.readBytes("v/c.txt.gz")).toString()).toBe("packed\n");
      expect(await data.readText("v/c.txt.gz")).toBe("packed\n");
      expect(await data.readText("v/c.txt.gz", { decompress: "gzip" })).toBe("packed\n");
      expect(text(await data.readBytes("v/c.txt.gz", { decompress: "by-suffix" }))).toBe("packed\n");
    });

    test("asking for a compression adds its suffix, once", async () => {
      expect((await data.writeText("v/d.json", "{}", { compress: "gzip" })).uri).toBe(data.resolve("v/d.json.gz"));
      expect((await data.writeText("v/e.json.gz", "{}", { compress: "gzip" })).uri).toBe(data.resolve("v/e.json.gz"));
      expect(await data.readJson("v/e.json.gz")).toEqual({});
      expect((await data.writeText("v.gz/f.json", "{}", { compress: "gzip" })).uri).toBe(
        data.resolve("v.gz/f.json.gz"),
      );
    });

    test("CSV is written with the line ends that are asked for, compressed by suffix, and a missing one is undefined", async () => {
      const rows = [
        ["a", "b"],
        ["1", 'x,"y"'],
      ];
      const options = { newline: "crlf", finalNewline: false } as const;
      await data.writeCsv("v/pwbm.csv.gz", rows, options);
      expect(await data.readText("v/pwbm.csv.gz")).toBe('a,b\r\n1,"x,""y"""');
      expect(await data.readCsv("v/pwbm.csv.gz")).toEqual(rows);
      expect(await data.readCsv("v/pwbm.csv.gz", { limit: 1, raw: true })).toEqual(["a,b"]);
      expect(await data.readCsv("v/none.csv", { onError: "allow-missing" })).toBeUndefined();
      await data.writeText("v/open.csv", 'a\n"b');
      expect(await data.readCsv("v/open.csv", { onError: "ignore" })).toBeUndefined();
      await expect(data.readCsv("v/open.csv", { onError: "allow-missing" })).rejects.toMatchObject({
        code: "malformed",
      });
    });

    test("JSON, lines and CSV come back as values", async () => {
      await data.writeJson("v/g.json", { a: [1, null, "x"] });
      expect(await data.readJson("v/g.json")).toEqual({ a: [1, null, "x"] });
      await data.writeLines("v/h.txt", ["one", "", "three"]);
      expect(await data.readText("v/h.txt")).toBe("one\n\nthree\n");
      expect(await data.readLines("v/h.txt")).toEqual(["one", "", "three"]);
      expect(await data.readLines("v/h.txt", { limit: 2 })).toEqual(["one", ""]);
      await data.writeCsv("v/i.csv", [
        ["a", 'b "c"'],
        [1, "x\ny"],
      ]);
      expect(await data.readCsv("v/i.csv")).toEqual([
        ["a", 'b "c"'],
        ["1", "x\ny"],
      ]);
    });

    test("bytes that are no UTF-8 are malformed, not replaced", async () => {
      await data.writeBytes("v/j.txt", Uint8Array.of(0x61, 0xff));
      await expect(data.readText("v/j.txt")).rejects.toEqual(code("malformed"));
    });

    test("what is missing is not-found and says where", async () => {
      await expect(data.readText("v/none")).rejects.toMatchObject({ code: "not-found", uri: data.resolve("v/none") });
      expect(await data.readText("v/none", { onError: "allow-missing" })).toBeUndefined();
      expect(await data.stat("v/none", { onError: "allow-missing" })).toBeUndefined();
      expect(await data.open("v/none", { onError: "ignore" })).toBeUndefined();
      expect(await data.localCopy("v/none", { onError: "allow-missing" })).toBeUndefined();
    });

    test("allow-missing allows absence only", async () => {
      await expect(data.readText("v/j.txt", { onError: "allow-missing" })).rejects.toEqual(code("malformed"));
      expect(await data.readText("v/j.txt", { onError: "ignore" })).toBeUndefined();
    });

    test("a caller's mistake throws whatever onError says", async () => {
      await expect(data.readText("gs://x/y", { onError: "ignore" })).rejects.toEqual(code("invalid-address"));
      await expect(data.writeText("v/x", 5 as never, { onError: "ignore" })).rejects.toThrow(TypeError);
      await expect(data.writeText("v/x", "x", { ifMatch: undefined } as never)).rejects.toThrow(/ifMatch/);
      await expect(data.readText("v/x", { onError: "skip" as never })).rejects.toThrow(TypeError);
    });

    test("an abort rejects with its reason", async () => {
      const reason = new Error("enough");
      await expect(data.readText("v/a.txt", { signal: AbortSignal.abort(reason), onError: "ignore" })).rejects.toBe(
        reason,
      );
      await expect(data.with({ signal: AbortSignal.abort(reason) }).writeText("v/zz", "x")).rejects.toBe(reason);
    });
  });

  describe("conditions", () => {
    test("create-only fails when it is there, and changes nothing", async () => {
      await data.writeText("c/a", "1", { ifNoneMatch: "*" });
      await expect(data.writeText("c/a", "2", { ifNoneMatch: "*" })).rejects.toEqual(code("already-exists"));
      expect(await data.readText("c/a")).toBe("1");
    });

    test("a swap takes exactly the version it names", async () => {
      const { etag } = await data.writeText("c/b", "1");
      await data.writeText("c/b", "2", { ifMatch: etag });
      await expect(data.writeText("c/b", "3", { ifMatch: etag })).rejects.toEqual(code("precondition-failed"));
      expect(await data.readText("c/b")).toBe("2");
    });

    test("ten concurrent updates lose nothing", async () => {
      const add = () => data.update("c/n", async (now) => String(now === undefined ? 1 : Number(await now.text()) + 1));
      await Promise.all(Array.from({ length: 10 }, add));
      expect(await data.readText("c/n")).toBe("10");
    });
  });

  test("methods are bound, and everything has an end", async () => {
    const { readText, writeText } = data;
    await writeText("bound", "yes");
    expect(await readText("bound")).toBe("yes");
    expect(isEntrepotError(await readText("bound-missing").catch((error: unknown) => error), "not-found")).toBe(true);
  });
});
