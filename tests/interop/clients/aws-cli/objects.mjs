// Buckets and objects, by `aws s3 mb|rb|ls|cp|rm` where it can say it.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { file, scratch } from "../shell.mjs";
import { check, holds, round, same, sameBytes } from "../verdict.mjs";
import { api, b, bucket, fails, freshBucket, ok, said, text } from "./cli.mjs";

await check("bucket.create", async () => {
  await api("head-bucket", ...b);
  holds((await ok(["s3", "ls"])).stdout.includes(bucket), "not listed");
});
await check("bucket.delete", async () => {
  const name = await freshBucket();
  await ok(["s3", "rb", `s3://${name}`]);
  await fails(/404|Not Found/, ["s3api", "head-bucket", "--bucket", name]);
});
await check("bucket.not-empty", async () => {
  await ok(["s3", "cp", file("x", "x"), `s3://${bucket}/x`]);
  await fails(/BucketNotEmpty/, ["s3", "rb", `s3://${bucket}`]);
});
await check("bucket.missing", () => fails(/NoSuchBucket/, ["s3", "ls", `s3://nowhere-${round}`]));

await check("object.round-trip", async () => {
  const data = randomBytes(100_000);
  await ok(["s3", "cp", file("up.bin", data), `s3://${bucket}/dir/up.bin`]);
  await ok(["s3", "cp", `s3://${bucket}/dir/up.bin`, `${scratch}/down.bin`]);
  sameBytes(readFileSync(`${scratch}/down.bin`), data);
});
await check("object.empty", async () => {
  await ok(["s3", "cp", file("empty", ""), `s3://${bucket}/empty`]);
  same((await said("head-object", ...b, "--key", "empty")).ContentLength, 0, "length");
});
await check("object.head", async () => {
  await ok(["s3", "cp", file("h.json", "{}"), `s3://${bucket}/h.json`]);
  const head = await said("head-object", ...b, "--key", "h.json");
  same([head.ContentLength, head.ContentType, head.AcceptRanges], [2, "application/json", "bytes"]);
});
await check("object.metadata", async () => {
  await ok([
    "s3",
    "cp",
    file("m", "m"),
    `s3://${bucket}/meta`,
    "--metadata",
    "foo=bar",
    "--cache-control",
    "max-age=7",
    "--content-type",
    "text/x-test",
  ]);
  const head = await said("head-object", ...b, "--key", "meta");
  same([head.Metadata, head.CacheControl, head.ContentType], [{ foo: "bar" }, "max-age=7", "text/x-test"]);
});
await check("object.overwrite", async () => {
  for (const body of ["first, and longer", "second"]) {
    await ok(["s3", "cp", "-", `s3://${bucket}/over`], { input: body });
    same(await text(`s3://${bucket}/over`), body);
  }
});
await check("object.delete", async () => {
  await ok(["s3", "cp", file("gone", "x"), `s3://${bucket}/gone`]);
  await ok(["s3", "rm", `s3://${bucket}/gone`]);
  await fails(/404|Not Found/, ["s3api", "head-object", ...b, "--key", "gone"]);
});
await check("object.missing", () =>
  fails(/NoSuchKey/, ["s3api", "get-object", ...b, "--key", "never", `${scratch}/never`]),
);
await check("multipart.round-trip", async () => {
  const data = randomBytes(18 << 20);
  await ok(["s3", "cp", file("big.bin", data), `s3://${bucket}/big.bin`]);
  holds((await said("head-object", ...b, "--key", "big.bin")).ETag.endsWith('-3"'), "not the ETag of three parts");
  await ok(["s3", "cp", `s3://${bucket}/big.bin`, `${scratch}/big.back`]);
  sameBytes(readFileSync(`${scratch}/big.back`), data);
});
await check("delete-objects.batch", async () => {
  const keys = ["batch/1", "batch/a b+c%&<>é"];
  for (const key of keys) await api("put-object", ...b, "--key", key);
  const answer = await said(
    "delete-objects",
    ...b,
    "--delete",
    JSON.stringify({ Objects: keys.map((Key) => ({ Key })) }),
  );
  same(answer.Deleted.map((/** @type {any} */ d) => d.Key).sort(), keys.sort());
});
