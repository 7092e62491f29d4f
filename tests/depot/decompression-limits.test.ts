/** What a small hostile object may become in memory or on disk, by any verb that decompresses. */
import { gzipSync } from "node:zlib";
import { type ByteSize, type Depot, entrepot } from "entrepot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let data: Depot;
beforeAll(async () => {
  data = entrepot({ env: {}, envFile: false, cache: false }) as Depot;
  const text = `"${"0".repeat(3_000_000)}"\n`;
  for (const suffix of ["csv", "json", "txt"])
    await data.writeBytes(`memory:///bomb.${suffix}.gz`, gzipSync(text, { level: 9 }));
});
afterAll(() => data.close());

interface Limits {
  readonly maxRatio?: number;
  readonly maxDecompressedBytes?: ByteSize;
}

const streamed = async (stream: AsyncIterable<Uint8Array>) => {
  let size = 0;
  for await (const piece of stream) size += piece.length;
  return size;
};
const verbs: Readonly<Record<string, (limits: Limits) => Promise<unknown>>> = {
  readText: (limits) => data.readText("memory:///bomb.txt.gz", limits),
  readJson: (limits) => data.readJson("memory:///bomb.json.gz", limits),
  readLines: (limits) => data.readLines("memory:///bomb.txt.gz", limits),
  "readLines with a limit": (limits) => data.readLines("memory:///bomb.txt.gz", { limit: 1, ...limits }),
  readCsv: (limits) => data.readCsv("memory:///bomb.csv.gz", limits),
  readBytes: (limits) => data.readBytes("memory:///bomb.csv.gz", { decompress: "gzip", ...limits }),
  readStream: (limits) => streamed(data.readStream("memory:///bomb.csv.gz", { decompress: "gzip", ...limits })),
  "file.text": async (limits) => {
    await using file = await data.open("memory:///bomb.txt.gz");
    return await file.text(limits);
  },
  "file.json": async (limits) => {
    await using file = await data.open("memory:///bomb.json.gz");
    return await file.json(limits);
  },
  copy: (limits) => data.copy("memory:///bomb.txt.gz", "memory:///copied.txt", { decompress: true, ...limits }),
  readMany: async (limits) => {
    for await (const { text } of data.readMany(["memory:///bomb.txt.gz"], { as: "text", ...limits })) return text;
    return undefined;
  },
};

describe.each(Object.keys(verbs))("%s", (verb) => {
  const read = verbs[verb] as (limits: Limits) => Promise<unknown>;

  test("refuses what expands more than maxRatio, and says which option lets it through", async () => {
    await expect(read({ maxRatio: 100 })).rejects.toMatchObject({
      code: "limit-exceeded",
      hint: expect.stringContaining("raise maxRatio"),
    });
    await expect(read({ maxRatio: Infinity })).resolves.toBeDefined();
  });

  test("refuses what expands to more than maxDecompressedBytes", async () => {
    await expect(read({ maxDecompressedBytes: "1MB", maxRatio: Infinity })).rejects.toMatchObject({
      code: "limit-exceeded",
      message: expect.stringContaining("more than 1000000 bytes"),
      hint: expect.stringContaining("raise maxDecompressedBytes"),
    });
    await expect(read({ maxDecompressedBytes: 4_000_000, maxRatio: Infinity })).resolves.toBeDefined();
  });
});

test("limits that are none are a mistake of the caller", async () => {
  await expect(data.readText("memory:///bomb.txt.gz", { maxRatio: 0 })).rejects.toThrow(/maxRatio/);
  await expect(data.readText("memory:///bomb.txt.gz", { maxDecompressedBytes: "many" as never })).rejects.toThrow(
    /maxDecompressedBytes/,
  );
});
