import { request as ask } from "node:https";
import { expect, test } from "vitest";
import { MemoryStorage, startServer } from "../../src/server/index.ts";
import { allow, Bucket, bucketArn, deny, objects, type Rule } from "./guarded-buckets.ts";

async function start(tls: boolean, ...Statement: readonly Rule[]) {
  const server = await startServer({
    storage: new MemoryStorage(),
    credentials: [],
    buckets: [Bucket],
    ...(tls ? { tls: true } : {}),
  });
  await server.storage.reviseBucket(Bucket, (record) => ({ ...record, policy: JSON.stringify({ Statement }) }));
  return server;
}

function statusOverTls(url: string, ca: string | undefined): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = ask(url, { ca, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on("error", reject).end();
  });
}

const encrypted = [
  allow("s3:ListBucket", bucketArn),
  deny("s3:*", [bucketArn, objects], { Condition: { Bool: { "aws:SecureTransport": "false" } } }),
];

test("a policy that insists on TLS refuses what comes without, and nothing else", async () => {
  const [open, closed] = [await start(false, ...encrypted), await start(true, ...encrypted)];
  expect((await fetch(`${open.endpoint}/${Bucket}`)).status).toBe(403);
  expect(await statusOverTls(`${closed.endpoint}/${Bucket}`, closed.ca)).toBe(200);
  await Promise.all([open.close(), closed.close()]);
});

test("a policy can ask for the version of TLS", async () => {
  const of = (version: string) =>
    allow("s3:ListBucket", bucketArn, { Condition: { NumericGreaterThanEquals: { "s3:TlsVersion": version } } });
  for (const [version, status] of [
    ["1.2", 200],
    ["1.4", 403],
  ] as const) {
    const server = await start(true, of(version));
    expect(await statusOverTls(`${server.endpoint}/${Bucket}`, server.ca), version).toBe(status);
    await server.close();
  }
  const plain = await start(false, of("1.2"));
  expect((await fetch(`${plain.endpoint}/${Bucket}`)).status).toBe(403);
  await plain.close();
});
