/** Buckets in several regions: what the strict server says to requests that go to the wrong one, and that the AWS SDK follows. */
import { Agent } from "node:http";
import {
  CreateBucketCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type S3Server, startS3Server } from "../../src/testing/index.ts";
import { refusal } from "./sdk.ts";

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["home", { name: "far", region: "eu-west-1" }], strictRegion: true });
});
afterAll(() => s3.close());
afterEach(() => s3.clearRequests());

const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const agent = new Agent({ lookup: (_host, _options, found) => found(null, [{ address: "127.0.0.1", family: 4 }]) });
afterAll(() => agent.destroy());

/** Talks to the host of this name, which is the server's whatever it is called. */
function client(region: string, host = "127.0.0.1", more: S3ClientConfig = {}): S3Client {
  const port = new URL(s3.endpoint).port;
  return new S3Client({
    ...{
      region,
      endpoint: `http://${host}:${port}`,
      forcePathStyle: true,
      credentials: credentials,
      maxAttempts: 1,
    },
    requestHandler: { httpAgent: agent },
    ...more,
  });
}

const bucketRegion = (error: unknown) =>
  (error as { $response?: { headers: Record<string, string> } }).$response?.headers["x-amz-bucket-region"];

async function failure(sent: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = (await sent.then(
    () => ({ name: "none" }),
    (thrown: unknown) => thrown,
  )) as Error & { $metadata?: { httpStatusCode?: number }; Endpoint?: string; Bucket?: string; Region?: string };
  const { name, message, Endpoint, Bucket, Region } = error;
  const status = error.$metadata?.httpStatusCode;
  return { name, message, status, Endpoint, Bucket, Region, said: bucketRegion(error) };
}

const keyed = { Bucket: "far", Key: "k" };
const moved =
  "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.";

describe("at an endpoint that names no region", () => {
  test("a request for the server's region is sent on to the bucket's", async () => {
    expect(await failure(client("us-east-1").send(new GetObjectCommand(keyed)))).toEqual({
      ...{ name: "PermanentRedirect", message: moved, status: 301, Region: undefined },
      ...{ Endpoint: new URL(s3.endpoint).host, Bucket: "far", said: "eu-west-1" },
    });
  });

  test("one for a third region is told which one is right", async () => {
    expect(await failure(client("ap-south-1").send(new GetObjectCommand(keyed)))).toMatchObject({
      ...{ name: "AuthorizationHeaderMalformed", status: 400, Region: "eu-west-1", said: "eu-west-1" },
      message: "The authorization header is malformed; the region 'ap-south-1' is wrong; expecting 'eu-west-1'",
    });
    const account = failure(client("ap-south-1").send(new GetObjectCommand({ Bucket: "none", Key: "k" })));
    expect(await account).toMatchObject({ Region: "us-east-1", said: undefined });
  });

  test("an answer to HEAD says it by its status and a header", async () => {
    expect(await failure(client("us-east-1").send(new HeadObjectCommand(keyed)))).toMatchObject({
      ...{ status: 301, said: "eu-west-1" },
    });
    expect(await failure(client("ap-south-1").send(new HeadBucketCommand({ Bucket: "far" })))).toMatchObject({
      ...{ status: 400, said: "eu-west-1" },
    });
  });

  test("a presigned URL for another region is refused, one for the bucket's is not", async () => {
    const put = (region: string) => getSignedUrl(client(region), new PutObjectCommand({ ...keyed, Key: "signed" }));
    expect((await fetch(await put("eu-west-1"), { method: "PUT", body: "x" })).status).toBe(200);
    const wrong = await fetch(await put("ap-south-1"), { method: "PUT", body: "x" });
    expect([wrong.status, wrong.headers.get("x-amz-bucket-region")]).toEqual([400, "eu-west-1"]);
    expect(await wrong.text()).toContain(
      "<Code>AuthorizationQueryParametersError</Code><Message>Error parsing the X-Amz-Credential parameter; the region 'ap-south-1' is wrong; expecting 'eu-west-1'</Message><Region>eu-west-1</Region>",
    );
  });

  test("the AWS SDK follows, whatever it does", async () => {
    const following = client("us-east-1", "127.0.0.1", { followRegionRedirects: true });
    await following.send(new PutObjectCommand({ ...keyed, Body: "text" }));
    const { Body } = await following.send(new GetObjectCommand(keyed));
    expect(await Body?.transformToString()).toBe("text");
    expect(await following.send(new HeadObjectCommand(keyed))).toMatchObject({ ContentLength: 4 });
    expect((await following.send(new ListObjectsV2Command({ Bucket: "far", Prefix: "k" }))).KeyCount).toBe(1);
    expect(await following.send(new HeadBucketCommand({ Bucket: "far" }))).toMatchObject({ BucketRegion: "eu-west-1" });
    expect(s3.requests.map(({ status }) => status)).toEqual(Array(5).fill([301, 200]).flat());
    const stranger = client("ap-south-1", "127.0.0.1", { followRegionRedirects: true });
    expect(await stranger.send(new HeadBucketCommand({ Bucket: "far" }))).toMatchObject({ BucketRegion: "eu-west-1" });
  });

  test("where a bucket lives may be asked anywhere, and that it is there already is said anywhere", async () => {
    const here = client("us-east-1");
    expect(await here.send(new GetBucketLocationCommand({ Bucket: "far" }))).toMatchObject({
      LocationConstraint: "eu-west-1",
    });
    await expect(here.send(new CreateBucketCommand({ Bucket: "far" }))).rejects.toMatchObject(
      refusal(409, "BucketAlreadyOwnedByYou"),
    );
  });
});

describe("at the endpoint of a region", () => {
  const here = "s3.eu-west-1.localhost";

  test("buckets of that region are served, in path style and in virtual-host style", async () => {
    await client("eu-west-1", here).send(new PutObjectCommand({ ...keyed, Body: "there" }));
    const styled = client("eu-west-1", here, { forcePathStyle: false });
    expect(await (await styled.send(new GetObjectCommand(keyed))).Body?.transformToString()).toBe("there");
    expect(s3.requests.at(-1)?.headers["host"]).toMatch(/^far\.s3\.eu-west-1\.localhost:\d+$/);
  });

  test("a bucket of another region is to be looked for there", async () => {
    const { port } = new URL(s3.endpoint);
    const elsewhere = { Bucket: "home", Key: "k" };
    expect(await failure(client("eu-west-1", here).send(new GetObjectCommand(elsewhere)))).toMatchObject({
      ...{ name: "PermanentRedirect", Endpoint: `s3.us-east-1.localhost:${port}`, said: "us-east-1" },
    });
    const styled = client("eu-west-1", here, { forcePathStyle: false });
    expect(await failure(styled.send(new GetObjectCommand(elsewhere)))).toMatchObject({
      Endpoint: `home.s3.us-east-1.localhost:${port}`,
    });
  });

  test("a signature must be for that region, wherever the bucket is", async () => {
    expect(
      await failure(client("us-east-1", here).send(new GetObjectCommand({ Bucket: "home", Key: "k" }))),
    ).toMatchObject({
      ...{ name: "AuthorizationHeaderMalformed", Region: "eu-west-1", said: "us-east-1" },
    });
  });

  test("the AWS SDK follows from one to the next", async () => {
    const { port } = new URL(s3.endpoint);
    const following = new S3Client({
      ...{ region: "us-east-1", credentials: credentials, maxAttempts: 1, followRegionRedirects: true },
      requestHandler: { httpAgent: agent },
      // What the SDK does with AWS's own names.
      endpointProvider: ({ Region, Bucket }) => ({
        url: new URL(`http://s3.${Region}.localhost:${port}/${Bucket}`),
        properties: { authSchemes: [{ name: "sigv4", signingName: "s3", signingRegion: Region ?? "" }] },
      }),
    } as S3ClientConfig);
    await following.send(new PutObjectCommand({ ...keyed, Body: "followed" }));
    expect(s3.requests.map(({ status, headers }) => [status, headers["host"]])).toEqual([
      [301, `s3.us-east-1.localhost:${port}`],
      [200, `s3.eu-west-1.localhost:${port}`],
    ]);
  });

  test("new buckets are made there, and nowhere else", async () => {
    const make = (Bucket: string, LocationConstraint: "eu-west-1" | "eu-west-3" | undefined) =>
      client("eu-west-1", here).send(
        new CreateBucketCommand({
          Bucket,
          ...(LocationConstraint === undefined ? {} : { CreateBucketConfiguration: { LocationConstraint } }),
        }),
      );
    await make("made-there", "eu-west-1");
    expect(await client("eu-west-1", here).send(new HeadBucketCommand({ Bucket: "made-there" }))).toMatchObject({
      BucketRegion: "eu-west-1",
    });
    await expect(make("made-elsewhere", "eu-west-3")).rejects.toMatchObject({
      ...refusal(400, "IllegalLocationConstraintException"),
      message:
        "The eu-west-3 location constraint is incompatible for the region specific endpoint this request was sent to.",
    });
  });
});

test("without strictRegion every endpoint is in every region", async () => {
  await using lenient = await startS3Server({ buckets: [{ name: "far", region: "eu-west-1" }] });
  const any = new S3Client({ endpoint: lenient.endpoint, region: "ap-south-1", credentials, forcePathStyle: true });
  await any.send(new PutObjectCommand({ ...keyed, Body: "x" }));
  expect(lenient.requests.map(({ status }) => status)).toEqual([200]);
});
