import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetObjectAclCommand,
  GetPublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { alice, allow, Bucket, GuardedBuckets, objects, type Rule } from "./guarded-buckets.ts";
import { refusal } from "./sdk.ts";

let buckets: GuardedBuckets;
let root: S3Client;
const policy = (...statements: readonly Rule[]) => buckets.policy(...statements);
const anonymous = (path: string) => buckets.anonymous(path);

beforeAll(async () => {
  buckets = await GuardedBuckets.start();
  ({ root } = buckets);
  await root.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
});
afterEach(() => buckets.noPolicy());
afterAll(async () => {
  await buckets.close();
  expect(buckets.failures).toEqual([]);
});

describe("a public access block", () => {
  test("keeps public policies out, and strangers from where one is", async () => {
    const block = (settings: object) =>
      root.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: settings }));
    await policy(allow("s3:GetObject", objects));
    await block({ BlockPublicPolicy: true, RestrictPublicBuckets: true });
    expect(await anonymous("photos/a")).toMatchObject({ status: 403 });
    await expect(policy(allow("s3:GetObject", objects))).rejects.toMatchObject({
      ...refusal(403, "AccessDenied"),
      message: expect.stringContaining("because public policies are prevented by the BlockPublicPolicy setting"),
    });
    await policy(allow("s3:GetObject", objects, { Principal: alice }));
    await block({});
    await policy(allow("s3:GetObject", objects));
    expect(await anonymous("photos/a")).toMatchObject({ status: 200 });
  });

  test("is not needed to tell whether a policy is public", async () => {
    const status = async () => (await root.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic;
    await expect(status()).rejects.toMatchObject(refusal(404, "NoSuchBucketPolicy"));
    await policy(allow("s3:GetObject", objects, { Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } }));
    expect(await status()).toBe(false);
    await policy(allow("s3:GetObject", objects));
    expect(await status()).toBe(true);
  });
});

test("a policy comes back as it was put, until it is taken away", async () => {
  const Policy = `{ "Statement": ${JSON.stringify([allow("s3:GetObject", objects)])} }`;
  await root.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  expect((await root.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
  await root.send(new DeleteBucketPolicyCommand({ Bucket }));
  await root.send(new DeleteBucketPolicyCommand({ Bucket }));
  await expect(root.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({
    ...refusal(404, "NoSuchBucketPolicy"),
    message: "The bucket policy does not exist",
  });
});

test.each<[string, string]>([
  ["Policies must be valid JSON and the first byte must be '{'", " {}"],
  ["This policy contains invalid Json", "{"],
  ["Missing required field Statement", '{"Version":"2012-10-17"}'],
])("a policy that is none is refused: %s", async (message, Policy) => {
  await expect(root.send(new PutBucketPolicyCommand({ Bucket, Policy }))).rejects.toMatchObject({
    ...refusal(400, "MalformedPolicy"),
    message,
  });
});

test("a policy names users that there are", async () => {
  await policy(allow("s3:GetObject", objects, { Principal: alice }));
  const bob = { AWS: "arn:aws:iam::123456789012:user/bob" };
  await expect(policy(allow("s3:GetObject", objects, { Principal: bob }))).rejects.toMatchObject({
    ...refusal(400, "MalformedPolicy"),
    message: "Invalid principal in policy",
  });
});

test("a public access block comes back as it was put, until it is taken away", async () => {
  const get = () => root.send(new GetPublicAccessBlockCommand({ Bucket: "other" }));
  await expect(get()).rejects.toMatchObject(refusal(404, "NoSuchPublicAccessBlockConfiguration"));
  const settings = { BlockPublicAcls: true, BlockPublicPolicy: false, IgnorePublicAcls: true };
  await root.send(new PutPublicAccessBlockCommand({ Bucket: "other", PublicAccessBlockConfiguration: settings }));
  expect((await get()).PublicAccessBlockConfiguration).toEqual({ ...settings, RestrictPublicBuckets: false });
  await root.send(new DeletePublicAccessBlockCommand({ Bucket: "other" }));
  await expect(get()).rejects.toMatchObject(refusal(404, "NoSuchPublicAccessBlockConfiguration"));
});

describe("a bucket's tags", () => {
  const put = (TagSet: { Key: string; Value: string }[]) =>
    root.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));

  test("come back as they were put, until they are taken away", async () => {
    const get = () => root.send(new GetBucketTaggingCommand({ Bucket }));
    await expect(get()).rejects.toMatchObject(refusal(404, "NoSuchTagSet"));
    await put([{ Key: "team", Value: "data" }]);
    expect((await get()).TagSet).toEqual([{ Key: "team", Value: "data" }]);
    await root.send(new DeleteBucketTaggingCommand({ Bucket }));
    await expect(get()).rejects.toMatchObject(refusal(404, "NoSuchTagSet"));
  });

  test("may come with the bucket, or refuse it", async () => {
    const make = (name: string, Tags: { Key: string; Value: string }[]) =>
      root.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { Tags } }));
    const tag = { Key: "team", Value: "data" };
    await make("tagged", [tag]);
    expect((await root.send(new GetBucketTaggingCommand({ Bucket: "tagged" }))).TagSet).toEqual([tag]);
    await expect(make("twice", [tag, tag])).rejects.toMatchObject(refusal(400, "InvalidTag"));
    await expect(root.send(new GetBucketTaggingCommand({ Bucket: "twice" }))).rejects.toMatchObject(
      refusal(404, "NoSuchBucket"),
    );
  });

  test("are at most fifty, each once, none of AWS's own", async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ Key: `k${at}`, Value: "" }));
    await put(many(50));
    await expect(put(many(51))).rejects.toMatchObject(refusal(400, "BadRequest"));
    await expect(put([...many(1), ...many(1)])).rejects.toMatchObject(refusal(400, "InvalidTag"));
    await expect(put([{ Key: "aws:x", Value: "" }])).rejects.toMatchObject(refusal(400, "InvalidTag"));
  });
});

describe("access control lists", () => {
  test("say that everything is the owner's", async () => {
    for (const command of [new GetBucketAclCommand({ Bucket }), new GetObjectAclCommand({ Bucket, Key: "a" })]) {
      const { Grants, Owner } = await root.send(command as GetBucketAclCommand);
      expect(Grants).toEqual([{ Grantee: { ...Owner, Type: "CanonicalUser" }, Permission: "FULL_CONTROL" }]);
    }
    await expect(root.send(new GetObjectAclCommand({ Bucket, Key: "none" }))).rejects.toMatchObject(
      refusal(404, "NoSuchKey"),
    );
  });

  test("cannot be changed", async () => {
    const refused = refusal(400, "AccessControlListNotSupported");
    await root.send(new PutBucketAclCommand({ Bucket, ACL: "private" }));
    await root.send(new PutObjectAclCommand({ Bucket, Key: "a", ACL: "bucket-owner-full-control" }));
    await expect(root.send(new PutBucketAclCommand({ Bucket, ACL: "public-read" }))).rejects.toMatchObject(refused);
    const open = { Bucket, Key: "a", GrantRead: "uri=http://acs.amazonaws.com/groups/global/AllUsers" };
    await expect(root.send(new PutObjectAclCommand(open))).rejects.toMatchObject(refused);
    const { Grants, Owner } = await root.send(new GetBucketAclCommand({ Bucket }));
    await root.send(new PutBucketAclCommand({ Bucket, AccessControlPolicy: { Grants, Owner } }));
    const others = Grants?.map((grant) => ({ ...grant, Permission: "READ" as const }));
    await expect(
      root.send(new PutBucketAclCommand({ Bucket, AccessControlPolicy: { Grants: others, Owner } })),
    ).rejects.toMatchObject(refused);
  });
});

test("the bucket's owner owns all objects, and nobody can have it otherwise", async () => {
  const { OwnershipControls } = await root.send(new GetBucketOwnershipControlsCommand({ Bucket }));
  expect(OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] });
  await root.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
  const Rules = [{ ObjectOwnership: "ObjectWriter" as const }];
  await expect(
    root.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules } })),
  ).rejects.toMatchObject(refusal(501, "NotImplemented"));
});

test("a bucket is not made with what it cannot have", async () => {
  const make = (more: object) => root.send(new CreateBucketCommand({ Bucket: "made", ...more }));
  await expect(make({ ACL: "public-read" })).rejects.toMatchObject(refusal(400, "InvalidBucketAclWithObjectOwnership"));
  await expect(make({ ObjectOwnership: "ObjectWriter" })).rejects.toMatchObject(refusal(501, "NotImplemented"));
  await expect(make({ ObjectOwnership: "Nobody" })).rejects.toMatchObject(refusal(400, "InvalidArgument"));
  await expect(make({ ObjectLockEnabledForBucket: true })).rejects.toMatchObject(refusal(501, "NotImplemented"));
  await make({ ACL: "private", ObjectOwnership: "BucketOwnerEnforced" });
});

test("objects are encrypted by default, as on AWS", async () => {
  const { ServerSideEncryptionConfiguration } = await root.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(ServerSideEncryptionConfiguration?.Rules).toEqual([
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false },
  ]);
});

describe("what is set nowhere", () => {
  const send = async (method: string, path: string) => {
    await policy(allow("s3:*", ["arn:aws:s3:::photos", objects]));
    return await buckets.anonymous(path, { method });
  };

  test.each<[string, number, string]>([
    ["cors", 404, "<Code>NoSuchCORSConfiguration</Code><Message>The CORS configuration does not exist</Message>"],
    ["lifecycle", 404, "<Code>NoSuchLifecycleConfiguration</Code>"],
    ["website", 404, "<Code>NoSuchWebsiteConfiguration</Code>"],
    ["replication", 404, "<Code>ReplicationConfigurationNotFoundError</Code>"],
    ["object-lock", 404, "<Code>ObjectLockConfigurationNotFoundError</Code>"],
    ["analytics&id=1", 404, "<Code>NoSuchConfiguration</Code>"],
    ["inventory", 200, "<IsTruncated>false</IsTruncated>"],
    ["metrics", 200, "<ListMetricsConfigurationsResult"],
    ["intelligent-tiering", 200, "<ListBucketIntelligentTieringConfigurationsOutput"],
    ["accelerate", 200, "<AccelerateConfiguration"],
    ["logging", 200, "<BucketLoggingStatus"],
    ["notification", 200, "<NotificationConfiguration"],
    ["requestPayment", 200, "<Payer>BucketOwner</Payer>"],
  ])("?%s is answered with %i %s", async (name, status, text) => {
    expect(await send("GET", `photos?${name}`)).toEqual({ status, text: expect.stringContaining(text) });
  });

  test.each(["cors", "lifecycle", "website", "replication", "encryption"])("?%s can be removed", async (name) => {
    expect(await send("DELETE", `photos?${name}`)).toEqual({ status: 204, text: "" });
  });

  test.each(["cors", "lifecycle", "website", "replication", "encryption", "logging", "notification", "object-lock"])(
    "?%s cannot be set, which is said by its name",
    async (name) => {
      const { status, text } = await send("PUT", `photos?${name}`);
      expect([status, text]).toEqual([501, expect.stringContaining(`the sub-resource ?${name} with PUT`)]);
    },
  );

  test.each(["retention", "legal-hold"])("an object's ?%s needs a bucket that locks", async (name) => {
    expect(await send("GET", `photos/a?${name}`)).toEqual({
      status: 400,
      text: expect.stringContaining("Bucket is missing Object Lock Configuration"),
    });
    expect(await send("GET", `photos/none?${name}`)).toMatchObject({ status: 404 });
  });

  test("is nothing of a bucket that is not there", async () => {
    expect(await buckets.anonymous("nowhere?cors")).toEqual({
      status: 404,
      text: expect.stringContaining("<Code>NoSuchBucket</Code>"),
    });
  });
});
