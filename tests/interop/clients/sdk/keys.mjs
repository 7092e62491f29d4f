// Hostile keys, from ../../hostile-keys.json.
import { check, each, holds, hostile, same } from "../verdict.mjs";
import { absent, freshBucket, put, refused, send, textOf } from "./client.mjs";

// The SDK does not ask for encoding-type=url by itself, and XML cannot carry every key as it is.
const listed = async (/** @type {string} */ Bucket) =>
  ((await send("ListObjectsV2", { Bucket, EncodingType: "url" })).Contents ?? []).map((/** @type {any} */ o) =>
    decodeURIComponent(o.Key.replaceAll("+", " ")),
  );

async function roundTrip(/** @type {string} */ bucket, /** @type {string} */ key) {
  await put(bucket, key, key);
  same(await textOf(bucket, key), key, "body");
  const keys = await listed(bucket);
  holds(keys.includes(key), `listed as ${JSON.stringify(keys.slice(-2))}`);
}

for (const [kind, keys] of Object.entries(hostile.classes)) {
  await check(`keys.${kind}`, async () => {
    const bucket = await freshBucket();
    await each(keys, (key) => roundTrip(bucket, key));
    same((await listed(bucket)).sort(), [...keys].sort(), "all together");
    for (const key of keys) {
      await send("DeleteObject", { Bucket: bucket, Key: key });
      await absent(bucket, key);
    }
    same(await listed(bucket), [], "left");
  });
}

await check("keys.pairs", async () => {
  const bucket = await freshBucket();
  await each(hostile.pairs, async (pair) => {
    for (const key of pair) await put(bucket, key, key);
    for (const key of pair) same(await textOf(bucket, key), key);
    await send("DeleteObject", { Bucket: bucket, Key: pair[0] });
    same(await textOf(bucket, pair[1]), pair[1], "after its neighbour went");
  });
});

await check("keys.long", async () => {
  const bucket = await freshBucket();
  const most = hostile.longestBytes;
  await each(["L".repeat(most), "é".repeat(most / 2), Array(5).fill("s".repeat(200)).join("/")], (key) =>
    roundTrip(bucket, key),
  );
  await refused(400, ["KeyTooLongError"], put(bucket, "L".repeat(most + 1), "x"));
});
