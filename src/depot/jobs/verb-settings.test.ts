import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { verbSettings } from "./verb-settings.ts";

/** What a copy with these options makes of 4 MB of zeros, compressed. */
async function decompressed(options: object): Promise<number> {
  const place = { key: "a.gz", uri: "memory:///a.gz" };
  const { recode } = verbSettings("copy", { decompress: true, ...options });
  const change = recode?.({ from: place, to: { ...place, key: "a" } } as never);
  async function* body() {
    yield new Uint8Array(gzipSync(new Uint8Array(4_000_000), { level: 9 }));
  }
  let size = 0;
  for await (const chunk of change?.(body() as never, {} as never) ?? []) size += chunk.length;
  return size;
}

test("a copy that decompresses keeps to its limits, when its job is gone on with, too", async () => {
  await expect(decompressed({})).rejects.toMatchObject({ code: "limit-exceeded" });
  await expect(decompressed({ maxRatio: 2_000, maxDecompressedBytes: "1MB" })).rejects.toMatchObject({
    code: "limit-exceeded",
  });
  expect(await decompressed({ maxRatio: Infinity })).toBe(4_000_000);
  expect(await decompressed(JSON.parse(JSON.stringify({ maxRatio: Infinity })))).toBe(4_000_000);
});
