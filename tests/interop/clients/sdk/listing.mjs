// Listings: complete at every page boundary, in the order of UTF-8 bytes, grouped by delimiter.
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { check, holds, inByteOrder, same } from "../verdict.mjs";
import { freshBucket, put, s3, send } from "./client.mjs";

const keysOf = (/** @type {any} */ page) => (page.Contents ?? []).map((/** @type {any} */ o) => o.Key);
const prefixesOf = (/** @type {any} */ page) => (page.CommonPrefixes ?? []).map((/** @type {any} */ p) => p.Prefix);

async function fill(/** @type {string} */ bucket, /** @type {readonly string[]} */ keys) {
  const rest = [...keys];
  const worker = async () => {
    for (let key = rest.pop(); key !== undefined; key = rest.pop()) await put(bucket, key, "x");
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

async function pages(/** @type {string} */ Bucket, input = {}, config = {}) {
  const found = [];
  for await (const page of paginateListObjectsV2({ client: s3, ...config }, { Bucket, ...input })) {
    found.push(page);
    holds(found.length < 50, "pages without end");
  }
  return found;
}

const counted = await freshBucket();
const names = Array.from({ length: 2500 }, (_, n) => `d${n % 5}/s${n % 50}/k${String(n).padStart(5, "0")}`);
let filled = 0;
for (const count of [0, 1, 999, 1000, 1001, 2500]) {
  await check(`list.${count}`, async () => {
    await fill(counted, names.slice(filled, count));
    filled = count;
    const found = await pages(counted);
    same(found.length, Math.max(1, Math.ceil(count / 1000)), "pages");
    same(
      found.map((page) => page.KeyCount),
      found.map((page) => keysOf(page).length),
      "KeyCount",
    );
    same(found.flatMap(keysOf), inByteOrder(names.slice(0, count)), "keys");
  });
}

const small = await freshBucket();
await fill(small, ["a/1", "a/b/2", "a/b/3", "a/c/4", "a-b", "ab", "b", "c d/e+f%/g"]);
const list = (/** @type {object} */ input) => send("ListObjectsV2", { Bucket: small, ...input });

await check("list.prefix", async () => {
  same(keysOf(await list({ Prefix: "a" })), ["a-b", "a/1", "a/b/2", "a/b/3", "a/c/4", "ab"]);
  same(keysOf(await list({ Prefix: "c d/e+" })), ["c d/e+f%/g"]);
  same(keysOf(await list({ Prefix: "zzz" })), []);
});

await check("list.delimiter", async () => {
  let page = await list({ Delimiter: "/" });
  same([keysOf(page), prefixesOf(page), page.KeyCount], [["a-b", "ab", "b"], ["a/", "c d/"], 5]);
  page = await list({ Delimiter: "/", Prefix: "a/" });
  same([keysOf(page), prefixesOf(page)], [["a/1"], ["a/b/", "a/c/"]]);
});

await check("list.delimiter-pages", async () => {
  const found = await pages(small, { Delimiter: "/" }, { pageSize: 2 });
  same(
    found.map((page) => [...keysOf(page), ...prefixesOf(page)]),
    [["a-b", "a/"], ["ab", "b"], ["c d/"]],
  );
});

await check("list.start-after", async () => {
  same(keysOf(await list({ StartAfter: "a/b/2", MaxKeys: 2 })), ["a/b/3", "a/c/4"]);
  same(keysOf(await list({ StartAfter: "a/b/20" })), ["a/b/3", "a/c/4", "ab", "b", "c d/e+f%/g"]);
});

await check("list.max-keys", async () => {
  let page = await list({ MaxKeys: 3 });
  same([keysOf(page), page.IsTruncated], [["a-b", "a/1", "a/b/2"], true]);
  page = await list({ MaxKeys: 0 });
  same([page.KeyCount, page.IsTruncated], [0, false], "max-keys=0");
});

await check("list.encoding-url", async () => {
  const page = await list({ Prefix: "c d/", EncodingType: "url" });
  same(page.EncodingType, "url", "EncodingType");
  same(
    keysOf(page).map((/** @type {string} */ key) => decodeURIComponent(key.replaceAll("+", " "))),
    ["c d/e+f%/g"],
  );
  same(keysOf(await list({ Prefix: "c d/" })), ["c d/e+f%/g"], "unasked, a key is as it is");
});

await check("list.utf8-order", async () => {
  const bucket = await freshBucket();
  const keys = ["Z", "a", "a-b", "a/b", "ab", "a~", "é", "٥", "日", "\ufb00", "～", "😀"];
  await fill(bucket, keys);
  same((await pages(bucket)).flatMap(keysOf), inByteOrder(keys));
});

await check("list.v1", async () => {
  const found = [];
  for (let Marker = ""; ; Marker = found.at(-1)) {
    const page = await send("ListObjects", { Bucket: small, Marker, MaxKeys: 3 });
    found.push(...keysOf(page));
    if (!page.IsTruncated) break;
  }
  same(found, ["a-b", "a/1", "a/b/2", "a/b/3", "a/c/4", "ab", "b", "c d/e+f%/g"]);
});
