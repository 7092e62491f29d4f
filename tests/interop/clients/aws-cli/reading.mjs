// Ranges, conditions, copies and presigned URLs.
import { readFileSync } from "node:fs";
import { file, scratch } from "../shell.mjs";
import { check, fetchPlain, same } from "../verdict.mjs";
import { api, b, bucket, fails, ok, said, text } from "./cli.mjs";

const part = async (/** @type {string[]} */ ...args) => {
  await api("get-object", ...b, "--key", "digits", ...args, `${scratch}/part`);
  return readFileSync(`${scratch}/part`, "utf8");
};
await ok(["s3", "cp", file("digits", "0123456789"), `s3://${bucket}/digits`]);
const { ETag } = await said("head-object", ...b, "--key", "digits");
await check("range.middle", async () => same(await part("--range", "bytes=2-4"), "234"));
await check("range.suffix", async () => same(await part("--range", "bytes=-3"), "789"));
await check("range.unsatisfiable", () =>
  fails(/InvalidRange/, ["s3api", "get-object", ...b, "--key", "digits", "--range", "bytes=10-", `${scratch}/part`]),
);
await check("cond.get-if-none-match", () =>
  fails(/304|Not Modified/, [
    "s3api",
    "get-object",
    ...b,
    "--key",
    "digits",
    "--if-none-match",
    ETag,
    `${scratch}/part`,
  ]),
);
await check("cond.get-if-match", async () => {
  await fails(/PreconditionFailed/, [
    "s3api",
    "get-object",
    ...b,
    "--key",
    "digits",
    "--if-match",
    '"other"',
    `${scratch}/part`,
  ]);
  same(await part("--if-match", ETag), "0123456789");
});
await check("cond.put-create", async () => {
  await api("put-object", ...b, "--key", "new", "--body", file("n", "first"), "--if-none-match", "*");
  await fails(/PreconditionFailed/, [
    "s3api",
    "put-object",
    ...b,
    "--key",
    "new",
    "--body",
    file("n2", "second"),
    "--if-none-match",
    "*",
  ]);
  same(await text(`s3://${bucket}/new`), "first");
});
await check("cond.put-swap", async () => {
  await fails(/PreconditionFailed/, [
    "s3api",
    "put-object",
    ...b,
    "--key",
    "digits",
    "--body",
    file("d", "other"),
    "--if-match",
    '"0123456789abcdef0123456789abcdef"',
  ]);
  await api("put-object", ...b, "--key", "digits", "--body", file("d2", "9876543210"), "--if-match", ETag);
  same(await text(`s3://${bucket}/digits`), "9876543210");
});

await check("copy.object", async () => {
  await ok(["s3", "cp", `s3://${bucket}/meta`, `s3://${bucket}/copied`]);
  same((await said("head-object", ...b, "--key", "copied")).Metadata, { foo: "bar" }, "metadata");
});
await check("copy.hostile-source", async () => {
  await ok(["s3", "cp", "-", `s3://${bucket}/sp ace/ü+%25&é.txt`], { input: "awkward" });
  await ok(["s3", "cp", `s3://${bucket}/sp ace/ü+%25&é.txt`, `s3://${bucket}/copied2`]);
  same(await text(`s3://${bucket}/copied2`), "awkward");
});
await check("presign.get", async () => {
  const url = (await ok(["s3", "presign", `s3://${bucket}/new`])).stdout.trim();
  same(await fetchPlain("GET", url), { status: 200, text: "first" });
});
await check("presign.tampered", async () => {
  const url = (await ok(["s3", "presign", `s3://${bucket}/new`])).stdout.trim();
  same((await fetchPlain("GET", url.replace("/new?", "/meta?"))).status, 403, "status");
});
