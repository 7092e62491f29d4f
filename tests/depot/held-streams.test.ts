import { type Depot, entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDepot } from "../../src/depot/index.ts";
import { openTransport } from "../../src/net/index.ts";

let s3: Awaited<ReturnType<typeof startS3Server>>;
let data: Depot;
beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["b"] });
  // two connections, and a bound that makes six of its waits short
  const transport = openTransport({ concurrency: 2, timeouts: { connectMs: 60 } });
  data = openDepot({ ...s3.options, cache: false, env: {}, envFile: false }, { transport }) as Depot;
  const writer = entrepot({ ...s3.options, cache: false, env: {}, envFile: false });
  await writer.writeBytes("s3://b/big", new Uint8Array(4_000_000));
  await writer.close();
});
afterAll(async () => {
  await data.close();
  await s3.close();
});

test("streams that nobody reads do not stop everything for ever: the next request says who holds the connections", async () => {
  const held = [data.readStream("s3://b/big"), data.readStream("s3://b/big")].map((stream) => stream.getReader());
  for (const reader of held) await reader.read();
  await expect(data.readText("s3://b/big")).rejects.toMatchObject({
    code: "busy",
    hint: expect.stringContaining("concurrency"),
  });
  for (const reader of held) await reader.cancel();
  expect(await data.readBytes("s3://b/big")).toHaveLength(4_000_000);
});
