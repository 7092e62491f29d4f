// rclone (Debian's, on the old AWS SDK for Go) judges an S3 server.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { file, program, scratch, tree } from "./shell.mjs";
import { check, fetchPlain, holds, round, same, sameBytes, server } from "./verdict.mjs";

const settings = {
  RCLONE_CONFIG: file("rclone.conf", ""),
  RCLONE_CONFIG_X_TYPE: "s3",
  RCLONE_CONFIG_X_PROVIDER: "Other",
  RCLONE_CONFIG_X_ENDPOINT: server.endpoint,
  RCLONE_CONFIG_X_REGION: server.region,
  RCLONE_CONFIG_X_ACCESS_KEY_ID: server.accessKeyId,
  RCLONE_CONFIG_X_SECRET_ACCESS_KEY: server.secretAccessKey,
  RCLONE_CONFIG_X_FORCE_PATH_STYLE: "true",
  RCLONE_RETRIES: "1",
  RCLONE_LOW_LEVEL_RETRIES: "1",
};
const { ok, fails } = program(["rclone"], settings);
const bucket = `x:rclone-${round}`;
await ok(["mkdir", bucket]);

await check("bucket.create", async () =>
  holds((await ok(["lsd", "x:"])).stdout.includes(`rclone-${round}`), "not listed"),
);
await check("bucket.delete", async () => {
  await ok(["mkdir", `${bucket}-2`]);
  await ok(["rmdir", `${bucket}-2`]);
  holds(!(await ok(["lsd", "x:"])).stdout.includes(`rclone-${round}-2`), "still listed");
});
await check("object.round-trip", async () => {
  const data = randomBytes(100_000);
  await ok(["copyto", file("up", data), `${bucket}/up`]);
  sameBytes((await ok(["cat", `${bucket}/up`])).bytes, data);
});
await check("object.empty", async () => {
  await ok(["copyto", file("empty", ""), `${bucket}/empty`]);
  same((await ok(["lsf", "--format", "sp", `${bucket}/empty`])).stdout, "0;empty\n");
});
await check("object.delete", async () => {
  await ok(["copyto", file("gone", "x"), `${bucket}/gone`]);
  await ok(["deletefile", `${bucket}/gone`]);
  same((await ok(["lsf", bucket, "--include", "gone"])).stdout, "");
});
await check("object.metadata", async () => {
  await ok(["copyto", file("m", "m"), `${bucket}/meta`, "--header-upload", "Cache-Control: max-age=7"]);
  const [entry] = JSON.parse((await ok(["lsjson", "--metadata", `${bucket}/meta`])).stdout);
  same(entry.Metadata["cache-control"], "max-age=7");
});
await check("multipart.round-trip", async () => {
  const data = randomBytes(12 << 20);
  await ok(["copyto", "--s3-upload-cutoff", "5M", "--s3-chunk-size", "5M", file("big", data), `${bucket}/big`]);
  await ok([
    "copyto",
    "--multi-thread-cutoff",
    "1M",
    "--multi-thread-streams",
    "3",
    `${bucket}/big`,
    `${scratch}/big.back`,
  ]);
  sameBytes(readFileSync(`${scratch}/big.back`), data);
});
await check("copy.object", async () => {
  await ok(["copyto", `${bucket}/up`, `${bucket}/copied`]);
  sameBytes((await ok(["cat", `${bucket}/copied`])).bytes, readFileSync(`${scratch}/up`));
});
await check("presign.get", async () => {
  await ok(["copyto", file("p", "open sesame"), `${bucket}/p`]);
  same(await fetchPlain("GET", (await ok(["link", "--expire", "10m", `${bucket}/p`])).stdout.trim()), {
    status: 200,
    text: "open sesame",
  });
});
await check("auth.wrong-secret", () =>
  fails(/SignatureDoesNotMatch/, ["lsf", bucket], { env: { RCLONE_CONFIG_X_SECRET_ACCESS_KEY: "not-the-secret" } }),
);
await check("list.1001", async () => {
  const names = Array.from({ length: 1001 }, (_, n) => `k${String(n).padStart(4, "0")}`);
  for (const name of names) file(`many/${name}`, "x");
  await ok(["copy", "--transfers", "8", `${scratch}/many`, `${bucket}/many`]);
  same((await ok(["lsf", `${bucket}/many`])).stdout.trim().split("\n").sort(), names);
});
await check("keys.reserved", async () => {
  for (const name of ["a b", "a+b", "a&b;c=d", "q'x", "a:b", "100%", "é", "a?b", "a<b>"]) {
    await ok(["rcat", `${bucket}/keys/${name}`], { input: name });
    same((await ok(["cat", `${bucket}/keys/${name}`])).stdout, name);
  }
});
await check("tree.sync", async () => {
  for (const name of ["a.txt", "sub/b c.txt", "sub/deep/é+%25.txt"]) file(`tree/${name}`, name);
  await ok(["sync", `${scratch}/tree`, `${bucket}/tree`]);
  await ok(["check", `${scratch}/tree`, `${bucket}/tree`]);
  await ok(["sync", `${bucket}/tree`, `${scratch}/back`]);
  same(tree(`${scratch}/back`), tree(`${scratch}/tree`));
});
await check("tree.remove", async () => {
  for (const key of ["rm/1", "rm/2/3", "rm-not"]) await ok(["rcat", `${bucket}/${key}`], { input: "x" });
  await ok(["purge", `${bucket}/rm`]);
  same((await ok(["lsf", "-R", bucket, "--include", "/rm*", "--include", "/rm/**"])).stdout, "rm-not\n");
});
