// s3cmd (Debian's) judges an S3 server: an old client with its own signing, listing and multipart code.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { file, program, scratch, tree } from "./shell.mjs";
import { check, fetchPlain, holds, round, same, sameBytes, server } from "./verdict.mjs";

const host = new URL(server.endpoint).host;
const config = (/** @type {string} */ secret, access = server.accessKeyId) =>
  `[default]\naccess_key = ${access}\nsecret_key = ${secret}\nhost_base = ${host}\nhost_bucket = ${host}\nuse_https = False\nbucket_location = ${server.region}\nmax_retries = 1\nsocket_timeout = 30\nprogress_meter = False\n`;
const { ok } = program(["s3cmd", "--config", file("s3cmd.ini", config(server.secretAccessKey))]);
const thief = program(["s3cmd", "--config", file("thief.ini", config("not-the-secret"))]);
const stranger = program(["s3cmd", "--config", file("stranger.ini", config("x", "AKIANOBODYATALL"))]);
const bucket = `s3://s3cmd-${round}`;
await ok(["mb", bucket]);
const listed = async (/** @type {string} */ uri) =>
  (await ok(["ls", "--recursive", uri])).stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => line.slice(line.indexOf("s3://")));

await check("bucket.create", async () => holds((await ok(["ls"])).stdout.includes(bucket), "not listed"));
await check("bucket.delete", async () => {
  await ok(["mb", `${bucket}-2`]);
  await ok(["rb", `${bucket}-2`]);
  holds(!(await ok(["ls"])).stdout.includes(`${bucket}-2`), "still listed");
});
await check("object.round-trip", async () => {
  const data = randomBytes(100_000);
  await ok(["put", file("up", data), `${bucket}/up`]);
  await ok(["get", `${bucket}/up`, `${scratch}/down`]);
  sameBytes(readFileSync(`${scratch}/down`), data);
});
await check("object.empty", async () => {
  await ok(["put", file("empty", ""), `${bucket}/empty`]);
  await ok(["get", `${bucket}/empty`, `${scratch}/empty.back`]);
  same(readFileSync(`${scratch}/empty.back`).length, 0, "length");
});
await check("object.metadata", async () => {
  await ok(["put", "--add-header=x-amz-meta-foo:bar", "--mime-type=text/x-test", file("m", "m"), `${bucket}/meta`]);
  const info = (await ok(["info", `${bucket}/meta`])).stdout;
  holds(/x-amz-meta-foo:\s+bar/.test(info) && info.includes("text/x-test"), `info says ${info}`);
});
await check("object.delete", async () => {
  await ok(["put", file("gone", "x"), `${bucket}/gone`]);
  await ok(["del", `${bucket}/gone`]);
  same(await listed(`${bucket}/gone`), [], "listed");
});
await check("multipart.round-trip", async () => {
  const data = randomBytes(12 << 20);
  await ok(["put", "--multipart-chunk-size-mb=5", file("big", data), `${bucket}/big`]);
  await ok(["get", `${bucket}/big`, `${scratch}/big.back`]);
  sameBytes(readFileSync(`${scratch}/big.back`), data);
});
await check("copy.object", async () => {
  await ok(["cp", `${bucket}/up`, `${bucket}/copied`]);
  await ok(["get", `${bucket}/copied`, `${scratch}/copied`]);
  sameBytes(readFileSync(`${scratch}/copied`), readFileSync(`${scratch}/up`));
});
await check("presign.get", async () => {
  await ok(["put", file("p", "open sesame"), `${bucket}/p`]);
  // signurl speaks Signature Version 2 unless the client is told otherwise, and then a server may refuse it.
  const url = (await ok(["signurl", `${bucket}/p`, "+600"])).stdout.trim();
  const { status } = await fetchPlain("GET", url);
  holds(url.includes("X-Amz-Signature") ? status === 200 : [200, 400, 403].includes(status ?? 0), `status ${status}`);
});
await check("auth.wrong-secret", () => thief.fails(/SignatureDoesNotMatch/, ["ls", bucket]));
await check("auth.unknown-key", () => stranger.fails(/InvalidAccessKeyId/, ["ls", bucket]));
await check("list.1001", async () => {
  const names = Array.from({ length: 1001 }, (_, n) => `k${String(n).padStart(4, "0")}`);
  for (const name of names) file(`many/${name}`, "x");
  await ok(["sync", "--quiet", `${scratch}/many/`, `${bucket}/many/`]);
  same(
    await listed(`${bucket}/many/`),
    names.map((name) => `${bucket}/many/${name}`),
  );
});
await check("keys.reserved", async () => {
  for (const name of ["a b", "a+b", "a&b;c=d", "q'x", "a:b", "100%", "é"]) {
    await ok(["put", file("k", name), `${bucket}/keys/${name}`]);
    await ok(["get", "--force", `${bucket}/keys/${name}`, `${scratch}/k.back`]);
    same(readFileSync(`${scratch}/k.back`, "utf8"), name);
  }
});
await check("tree.sync", async () => {
  for (const name of ["a.txt", "sub/b c.txt", "sub/deep/é+%25.txt"]) file(`tree/${name}`, name);
  await ok(["sync", `${scratch}/tree/`, `${bucket}/tree/`]);
  await ok(["sync", `${bucket}/tree/`, `${scratch}/back/`]);
  same(tree(`${scratch}/back`), tree(`${scratch}/tree`));
});
await check("tree.remove", async () => {
  for (const key of ["rm/1", "rm/2/3", "rm-not"]) await ok(["put", file("r", "x"), `${bucket}/${key}`]);
  await ok(["del", "--recursive", "--force", `${bucket}/rm/`]);
  same(await listed(`${bucket}/rm`), [`${bucket}/rm-not`]);
});
