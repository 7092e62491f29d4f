/** A bucket that a policy opens to everyone, as depots without and with little identity meet it. */
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

const code = (wanted: string) => expect.objectContaining({ name: "EntrepotError", code: wanted });
const quiet = { env: {}, envFile: false, cache: false } as const;
const alice = { accessKeyId: "alice", secretAccessKey: "secret of alice", user: "alice" };
const reader = "arn:aws:iam::123456789012:user/alice";

let s3: S3Server;
let owner: Depot;
let stranger: Depot;
let user: Depot;

beforeAll(async () => {
  s3 = await startS3Server({
    buckets: ["open", "closed"],
    users: [alice],
    fixtures: { "open/a.txt": "a", "open/private/b.txt": "b", "closed/c.txt": "c" },
  });
  const { credentials: _, ...where } = s3.options;
  owner = entrepot({ ...quiet, ...s3.options }) as Depot;
  stranger = entrepot({ ...quiet, ...where, anonymous: true }) as Depot;
  const { user: _name, ...keys } = alice;
  user = entrepot({ ...quiet, ...where, credentials: keys }) as Depot;
  await put("open", [
    { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::open/*" },
    { Effect: "Allow", Principal: "*", Action: "s3:ListBucket", Resource: "arn:aws:s3:::open" },
    { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::open/private/*" },
  ]);
  await put("closed", [
    { Effect: "Allow", Principal: { AWS: reader }, Action: "s3:GetObject", Resource: "arn:aws:s3:::closed/*" },
  ]);
});
afterAll(async () => {
  await Promise.all([owner, stranger, user].map((depot) => depot.close()));
  expect(s3.internalErrors).toEqual([]);
  await s3.close();
});

/** By another client: depots have no use for policies. */
async function put(Bucket: string, Statement: readonly object[]): Promise<void> {
  const { PutBucketPolicyCommand, S3Client } = await import("@aws-sdk/client-s3");
  const { endpoint, region } = s3.options;
  const { accessKeyId, secretAccessKey } = s3.credentials;
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  });
  await client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement }) }));
  client.destroy();
}

test("who has no identity reads and lists what is public", async () => {
  expect(await stranger.readText("s3://open/a.txt")).toBe("a");
  expect(await stranger.list("s3://open/").uris()).toEqual(["s3://open/a.txt", "s3://open/private/b.txt"]);
  await expect(stranger.readText("s3://open/none")).rejects.toEqual(code("not-found"));
});

test("what is not public is forbidden, be it there or not", async () => {
  for (const uri of ["s3://open/private/b.txt", "s3://closed/c.txt", "s3://closed/none"]) {
    await expect(stranger.readText(uri), uri).rejects.toEqual(code("forbidden"));
  }
  await expect(stranger.writeText("s3://open/mine", "x")).rejects.toEqual(code("forbidden"));
  await expect(stranger.list("s3://closed/").toArray()).rejects.toEqual(code("forbidden"));
});

test("a user reads what a policy names him for, and is not told what is missing", async () => {
  expect(await user.readText("s3://closed/c.txt")).toBe("c");
  await expect(user.readText("s3://closed/none")).rejects.toEqual(code("forbidden"));
  await expect(user.writeText("s3://closed/c.txt", "x")).rejects.toEqual(code("forbidden"));
});

test("an explicit deny is for the owner, too", async () => {
  await expect(owner.readText("s3://open/private/b.txt")).rejects.toEqual(code("forbidden"));
  await owner.writeText("s3://open/private/b.txt", "b2");
});
