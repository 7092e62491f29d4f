// Who may not, and bodies that are not what they say.
import { file } from "../shell.mjs";
import { check, same } from "../verdict.mjs";
import { api, b, bucket, fails, said } from "./cli.mjs";

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
