import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Depot } from "entrepot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, backends } from "./backends.ts";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });

describe.each(backends)("on $name", ({ open }) => {
  let bench: Bench;
  let data: Depot;
  beforeAll(async () => {
    bench = await open();
    data = bench.data;
  });
  afterAll(() => bench.close());

  describe("ranges, files, streams", () => {
    const big = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7 + (index >> 8)) % 256);
    beforeAll(() => data.writeBytes("r/big.bin", big));

    test("ranges are half open, clamp, and count from the end", async () => {
      expect(await data.readRange("r/big.bin", { start: 10, end: 20 })).toEqual(big.slice(10, 20));
      expect(await data.readRange("r/big.bin", { start: 299_990, end: 999_999 })).toEqual(big.slice(299_990));
      expect(await data.readRange("r/big.bin", { suffix: 8 })).toEqual(big.slice(-8));
      expect(await data.readRange("r/big.bin", { start: 300_000 })).toEqual(new Uint8Array(0));
      await expect(data.readRange("r/big.bin", { start: 300_001 })).rejects.toEqual(code("invalid-range"));
      await expect(data.readRange("r/big.bin", { start: 2, end: 1 })).rejects.toThrow(RangeError);
    });

    test("many ranges come in their order", async () => {
      const got = await data.readRanges("r/big.bin", [
        { start: 200_000, end: 200_010 },
        { start: 0, end: 4 },
        { suffix: 2 },
      ]);
      expect(got).toEqual([big.slice(200_000, 200_010), big.slice(0, 4), big.slice(-2)]);
    });

    test("an open file is read anywhere", async () => {
      const file = await data.open("r/big.bin");
      expect(file.byteLength).toBe(300_000);
      expect(await file.read({ start: 5, end: 9 })).toEqual(big.slice(5, 9));
      expect(new Uint8Array(await file.slice(-4))).toEqual(big.slice(-4));
      expect(Buffer.from(await file.bytes()).equals(big)).toBe(true);
      await file.close();
      await expect(file.read({ start: 0 })).rejects.toThrow(/closed/);
    });

    test("a replaced object is changed, never a mixture", async () => {
      await data.writeBytes("r/swap.bin", big);
      const file = await data.open("r/swap.bin", { cache: "bypass" });
      await file.read({ start: 0, end: 10 });
      await data.writeBytes("r/swap.bin", big.slice(0, 299_000));
      await expect(file.read({ start: 10, end: 20 })).rejects.toEqual(code("changed"));
      await file.close();
    });

    test("streams flow both ways", async () => {
      const written = await data.writeStream("r/streamed.bin", data.readStream("r/big.bin"));
      expect(written.sizeBytes).toBe(300_000);
      expect(Buffer.from(await data.readBytes("r/streamed.bin")).equals(big)).toBe(true);
    });

    test("a stream that fails leaves nothing", async () => {
      async function* broken() {
        yield new Uint8Array(100_000);
        throw new Error("the source broke");
      }
      await expect(data.writeStream("r/broken.bin", broken())).rejects.toThrow("the source broke");
      expect(await data.exists("r/broken.bin")).toBe(false);
    });

    test("a local copy is a real file with the object's suffix", async () => {
      const copy = await data.localCopy("r/big.bin");
      expect(copy.path.endsWith(".bin")).toBe(true);
      expect((await readFile(copy.path)).equals(big)).toBe(true);
      await copy.close();
      expect(await data.localCopy("r/big.bin", async (path) => (await readFile(path)).byteLength)).toBe(300_000);
    });

    test("what a tool wrote becomes the object when it ends, and nothing when it throws", async () => {
      await data.writeFrom("r/made.txt", (path) => writeFile(path, "made"));
      expect(await data.readText("r/made.txt")).toBe("made");
      const failing = data.writeFrom("r/never.txt", async (path) => {
        await writeFile(path, "half");
        throw new Error("tool failed");
      });
      await expect(failing).rejects.toThrow("tool failed");
      expect(await data.exists("r/never.txt")).toBe(false);
      await expect(data.writeFrom("r/never.txt", async () => undefined)).rejects.toEqual(code("not-found"));
      await writeFile(join(bench.folder, "before.txt"), "before");
      await data.writeFrom("r/before.txt", join(bench.folder, "before.txt"));
      expect(await data.readText("r/before.txt")).toBe("before");
    });

    test("lines of an open file decode by suffix", async () => {
      await data.writeLines(
        "r/log.txt.gz",
        Array.from({ length: 1_000 }, (_, index) => `line ${index}`),
      );
      const file = await data.open("r/log.txt.gz");
      const lines: string[] = [];
      for await (const line of file.lines()) if (lines.push(line) === 3) break;
      await file.close();
      expect(lines).toEqual(["line 0", "line 1", "line 2"]);
    });
  });
});
