// The AWS CLI (version 1) judges an S3 server, by the commands that people type: `aws s3 …` first, `aws s3api …` where that cannot say it.
import { randomBytes } from "node:crypto";
import { readFileSync, utimesSync } from "node:fs";
import { repo } from "../process.mjs";
import { file, program, scratch, tree } from "./shell.mjs";
import { check, each, fetchPlain, holds, hostile, inByteOrder, round, same, sameBytes, server } from "./verdict.mjs";

const settings = {
  AWS_ACCESS_KEY_ID: server.accessKeyId,
  AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
  AWS_DEFAULT_REGION: server.region,
  AWS_ENDPOINT_URL_S3: server.endpoint,
  AWS_CONFIG_FILE: file("config", "[default]\ns3 =\n  addressing_style = path\n  signature_version = s3v4\n"),
  AWS_SHARED_CREDENTIALS_FILE: file("credentials", ""),
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_MAX_ATTEMPTS: "1",
  AWS_PAGER: "",
};
const { ok, fails } = program([`${repo}.interop/venv/bin/aws`, "--output", "json"], settings);
let made = 0;
async function freshBucket() {
  made += 1;
  const name = `cli-${round}-${made}`;
  await ok(["s3", "mb", `s3://${name}`]);
  return name;
}
const api = (/** @type {string} */ operation, /** @type {string[]} */ ...args) => ok(["s3api", operation, ...args]);
const said = async (/** @type {string[]} */ ...args) => JSON.parse((await api(...args)).stdout || "{}");
const bucket = await freshBucket();
const b = ["--bucket", bucket];
const text = async (/** @type {string} */ uri) => (await ok(["s3", "cp", uri, "-"])).stdout;

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

const many = await freshBucket();
for (const count of [0, 1, 999, 1000, 1001, 2500]) {
  await check(`list.${count}`, async () => {
    const names = Array.from({ length: count }, (_, n) => `d${n % 5}/s${n % 50}/k${String(n).padStart(5, "0")}`);
    for (const name of names) file(`many/${name}`, "x");
    // --size-only: what is there already is not sent again, whatever its time.
    if (count > 0) await ok(["s3", "sync", `${scratch}/many`, `s3://${many}`, "--size-only", "--only-show-errors"]);
    const listed = (await said("list-objects-v2", "--bucket", many, "--query", "Contents[].Key || `[]`")) ?? [];
    same(listed, inByteOrder(names), "keys");
  });
}
const listKeys = async (/** @type {string[]} */ ...args) => {
  const page = await said(args[0], ...b, "--prefix", "l/", ...args.slice(1));
  return [
    (page.Contents ?? []).map((/** @type {any} */ o) => o.Key),
    (page.CommonPrefixes ?? []).map((/** @type {any} */ p) => p.Prefix),
  ];
};
for (const key of ["l/a-b", "l/a/1", "l/a/b/2", "l/é"]) await api("put-object", ...b, "--key", key);
await check("list.prefix", async () =>
  same(
    (await said("list-objects-v2", ...b, "--prefix", "l/a/")).Contents.map((/** @type {any} */ o) => o.Key),
    ["l/a/1", "l/a/b/2"],
  ),
);
await check("list.delimiter", async () => {
  same(await listKeys("list-objects-v2", "--delimiter", "/"), [["l/a-b", "l/é"], ["l/a/"]]);
  holds(/PRE a\/\n/.test((await ok(["s3", "ls", `s3://${bucket}/l/`])).stdout), "aws s3 ls shows no PRE a/");
});
await check("list.delimiter-pages", async () =>
  same(await listKeys("list-objects-v2", "--delimiter", "/", "--page-size", "1"), [["l/a-b", "l/é"], ["l/a/"]]),
);
await check("list.start-after", async () =>
  same(await listKeys("list-objects-v2", "--start-after", "l/a/1"), [["l/a/b/2", "l/é"], []]),
);
await check("list.v1", async () =>
  same(await listKeys("list-objects", "--page-size", "2"), [["l/a-b", "l/a/1", "l/a/b/2", "l/é"], []]),
);

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

await check("auth.wrong-secret", () =>
  fails(/SignatureDoesNotMatch/, ["s3", "ls", `s3://${bucket}`], { env: { AWS_SECRET_ACCESS_KEY: "not-the-secret" } }),
);
await check("auth.unknown-key", () =>
  fails(/InvalidAccessKeyId/, ["s3", "ls", `s3://${bucket}`], { env: { AWS_ACCESS_KEY_ID: "AKIANOBODYATALL" } }),
);
await check("auth.anonymous", () => fails(/AccessDenied/, ["s3", "ls", `s3://${bucket}`, "--no-sign-request"]));
await check("integrity.md5", () =>
  fails(/BadDigest/, [
    "s3api",
    "put-object",
    ...b,
    "--key",
    "md5",
    "--body",
    file("b", "hello"),
    "--content-md5",
    "1B2M2Y8AsgTpgAmY7PhCfg==",
  ]),
);
await check("integrity.crc32", () =>
  fails(/BadDigest|InvalidRequest|XAmzContentChecksumMismatch/, [
    "s3api",
    "put-object",
    ...b,
    "--key",
    "crc",
    "--body",
    file("b", "hello"),
    "--checksum-crc32",
    "AAAAAA==",
  ]),
);
await check("integrity.crc32-returned", async () => {
  await api("put-object", ...b, "--key", "crc", "--body", file("b", "hello"), "--checksum-algorithm", "CRC32");
  same((await said("head-object", ...b, "--key", "crc", "--checksum-mode", "ENABLED")).ChecksumCRC32, "NhCmhg==");
});

// Each call starts a process, so of each class only the first three keys are asked.
for (const [kind, keys] of Object.entries(hostile.classes)) {
  await check(`keys.${kind}`, async () => {
    const name = await freshBucket();
    const some = keys.slice(0, 3);
    await each(some, async (key) => {
      await api("put-object", "--bucket", name, `--key=${key}`, "--body", file("k", key));
      await api("get-object", "--bucket", name, `--key=${key}`, `${scratch}/k.back`);
      same(readFileSync(`${scratch}/k.back`, "utf8"), key, "body");
    });
    same(
      (await said("list-objects-v2", "--bucket", name)).Contents.map((/** @type {any} */ o) => o.Key),
      inByteOrder(some),
      "listed",
    );
  });
}

await check("tree.sync", async () => {
  // Older than what is sent: sync compares times, and a server may keep whole seconds.
  for (const name of ["a.txt", "sub/b c.txt", "sub/deep/é+%25.txt"])
    utimesSync(file(`tree/${name}`, name), 1_700_000_000, 1_700_000_000);
  await ok(["s3", "sync", `${scratch}/tree`, `s3://${bucket}/tree`]);
  await ok(["s3", "sync", `s3://${bucket}/tree`, `${scratch}/back`]);
  same(tree(`${scratch}/back`), tree(`${scratch}/tree`));
  same((await ok(["s3", "sync", `${scratch}/tree`, `s3://${bucket}/tree`])).stdout, "", "a second sync sends");
});
await check("tree.remove", async () => {
  for (const key of ["rm/1", "rm/2/3", "rm-not"]) await api("put-object", ...b, "--key", key);
  await ok(["s3", "rm", "--recursive", `s3://${bucket}/rm/`]);
  same(
    (await said("list-objects-v2", ...b, "--prefix", "rm")).Contents.map((/** @type {any} */ o) => o.Key),
    ["rm-not"],
  );
});
