// Presigned URLs, used by a plain HTTP client.
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { check, fetchPlain, same } from "../verdict.mjs";
import { absent, freshBucket, put, s3, textOf } from "./client.mjs";

const bucket = await freshBucket();
await put(bucket, "p", "open sesame");
await put(bucket, "q", "another");
const awkward = "pre sig+é%/x";
const urlFor = (/** @type {any} */ Command, /** @type {string} */ Key, options = {}) =>
  getSignedUrl(s3, new Command({ Bucket: bucket, Key }), { expiresIn: 600, ...options });
const get = async (/** @type {string | Promise<string>} */ url) => fetchPlain("GET", await url);

await check("presign.get", async () => {
  same(await get(urlFor(GetObjectCommand, "p")), { status: 200, text: "open sesame" });
  await put(bucket, awkward, "awkward");
  same(await get(urlFor(GetObjectCommand, awkward)), { status: 200, text: "awkward" });
});

await check("presign.put", async () => {
  // The SDK signs the checksum of the body it does not have; users turn that off, as its guide says.
  const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket: bucket, Key: awkward }), {
    expiresIn: 600,
    unhoistableHeaders: new Set(["x-amz-checksum-crc32"]),
    unsignableHeaders: new Set(["x-amz-checksum-crc32"]),
  });
  const said = await fetchPlain("PUT", url.replace(/&x-amz-checksum-crc32=[^&]*/, ""), "put");
  same(said.status, 200, said.text);
  same(await textOf(bucket, awkward), "put");
});

await check("presign.tampered", async () => {
  const good = await urlFor(GetObjectCommand, "p");
  for (const bad of [
    good.replace("/p?", "/q?"),
    good.replace(/X-Amz-Signature=(.)/, (_, c) => `X-Amz-Signature=${c === "0" ? "1" : "0"}`),
    good.replace("X-Amz-Expires=600", "X-Amz-Expires=601"),
  ]) {
    same((await fetchPlain("GET", bad)).status, 403, "status");
  }
});

await check("presign.expired", async () => {
  const hourAgo = new Date(Date.now() - 3_600_000);
  same(
    (await get(urlFor(GetObjectCommand, "p", { signingDate: hourAgo, expiresIn: 60 }))).status,
    403,
    "an hour after a URL for a minute",
  );
  same(
    (await get(urlFor(GetObjectCommand, "p", { signingDate: hourAgo, expiresIn: 7200 }))).status,
    200,
    "an hour after a URL for two hours",
  );
});

await check("presign.other-method", async () => {
  same((await fetchPlain("PUT", await urlFor(GetObjectCommand, "never"), "x")).status, 403, "status");
  await absent(bucket, "never");
});
