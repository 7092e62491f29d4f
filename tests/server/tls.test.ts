/** https with a certificate that was made at the start: our depot, the AWS SDK, curl, and who does not trust it. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { makeAuthority } from "../certificates.ts";

const run = promisify(execFile);
const quiet = { cache: false, env: {}, envFile: false, retries: { attempts: 1 } } as const;
let s3: S3Server;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-tls-"));
  s3 = await startS3Server({ tls: true, fixtures: { "photos/a": "hello" } });
});
afterEach(() => s3.reset());
afterAll(async () => {
  await s3.close();
  await rm(folder, { recursive: true });
});

test("a depot trusts the server whose options it is given, large objects and both transports included", async () => {
  await using data = entrepot({ ...s3.options, ...quiet });
  expect(await data.readText("s3://photos/a")).toBe("hello");
  const bytes = Buffer.alloc(20_000_000, "0123456789abcdef");
  await data.writeBytes("s3://photos/large", bytes);
  expect(bytes.equals(await data.readBytes("s3://photos/large"))).toBe(true);
});

test("a depot that finds the file in its environment trusts it, too, and finds buckets before the host", async () => {
  const { caFile = "", credentials, endpoint } = s3.options;
  const env = {
    AWS_CA_BUNDLE: caFile,
    AWS_ENDPOINT_URL_S3: endpoint.replace("127.0.0.1", "localhost"),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  await using data = entrepot({ ...quiet, env });
  expect(await data.readText("s3://photos/a")).toBe("hello");
});

test("who trusts another authority, or none, is told what to do", async () => {
  const other = join(folder, "other.pem");
  await writeFile(other, makeAuthority().cert);
  const { caFile: _, ...untrusting } = s3.options;
  for (const options of [untrusting, { ...untrusting, caFile: other }]) {
    await using data = entrepot({ ...options, ...quiet });
    await expect(data.readText("s3://photos/a")).rejects.toMatchObject({
      code: "unreachable",
      hint: expect.stringContaining("AWS_CA_BUNDLE"),
    });
  }
});

test("the AWS SDK takes the certificate as text, in path and in virtual-host style", async () => {
  const { accessKeyId, secretAccessKey } = s3.credentials;
  for (const forcePathStyle of [true, false]) {
    const client = new S3Client({
      endpoint: s3.endpoint.replace("127.0.0.1", "localhost"),
      region: s3.options.region,
      credentials: { accessKeyId, secretAccessKey },
      forcePathStyle,
      requestHandler: {
        // Not every machine resolves names below localhost.
        httpsAgent: new Agent({
          ca: s3.ca,
          lookup: (_name, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]),
        }),
      },
    });
    await client.send(new PutObjectCommand({ Bucket: "photos", Key: "sdk", Body: "x" }));
    const { Body } = await client.send(new GetObjectCommand({ Bucket: "photos", Key: "sdk" }));
    expect(await Body?.transformToString()).toBe("x");
    client.destroy();
  }
});

test("a policy tells https from http", async () => {
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::photos/*",
        Condition: { Bool: { "aws:SecureTransport": "true" } },
      },
    ],
  });
  await using plain = await startS3Server({ fixtures: { "photos/a": "hello" } });
  for (const [server, allowed] of [
    [s3, true],
    [plain, false],
  ] as const) {
    const { accessKeyId, secretAccessKey } = server.credentials;
    const { endpoint, region } = server.options;
    const settings = { endpoint, region, credentials: { accessKeyId, secretAccessKey }, forcePathStyle: true };
    const client = new S3Client({ ...settings, requestHandler: { httpsAgent: new Agent({ ca: s3.ca }) } });
    await client.send(new PutPublicAccessBlockCommand({ Bucket: "photos", PublicAccessBlockConfiguration: {} }));
    await client.send(new PutBucketPolicyCommand({ Bucket: "photos", Policy: policy }));
    client.destroy();
    await using data = entrepot({ ...quiet, endpoint, caFile: server.options.caFile, anonymous: true });
    const read = data.readText("s3://photos/a");
    if (allowed) expect(await read).toBe("hello");
    else await expect(read).rejects.toMatchObject({ code: "forbidden" });
  }
});

test("a certificate of one's own is shown as it is", async () => {
  const authority = makeAuthority();
  const tls = { ...authority.issue(["127.0.0.1"]), ca: authority.cert };
  await using own = await startS3Server({ tls, fixtures: { "photos/a": "mine" } });
  await using data = entrepot({ ...own.options, ...quiet });
  expect(await data.readText("s3://photos/a")).toBe("mine");
  expect(own.ca).toBe(authority.cert);
});

test.skipIf(!isThere("curl"))("curl accepts it with the file, and refuses it without", async () => {
  const url = `${s3.endpoint}/photos/a`;
  const { stdout } = await run("curl", [
    "-sS",
    "--cacert",
    s3.options.caFile ?? "",
    "-o",
    "/dev/null",
    "-w",
    "%{http_code}",
    url,
  ]);
  // Unsigned: the answer is S3's, no longer TLS's.
  expect(stdout).toBe("403");
  await expect(run("curl", ["-sS", url])).rejects.toMatchObject({ code: 60 });
});

test.skipIf(!isThere("openssl"))("openssl finds nothing to complain of in the authority, strictly", async () => {
  const { stdout } = await run("openssl", [
    "verify",
    "-x509_strict",
    "-CAfile",
    s3.options.caFile ?? "",
    s3.options.caFile ?? "",
  ]);
  expect(stdout).toContain(": OK");
  const { port } = new URL(s3.endpoint);
  const line = `openssl s_client -connect 127.0.0.1:${port} -CAfile "$CA" -x509_strict -verify_ip 127.0.0.1 </dev/null`;
  const { stdout: shown } = await run("sh", ["-c", line], { env: { ...process.env, CA: s3.options.caFile } });
  expect(shown).toContain("Verify return code: 0 (ok)");
});

function isThere(program: string): boolean {
  try {
    execFileSync(program, [program === "openssl" ? "version" : "--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
