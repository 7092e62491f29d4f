import { describe, expect, test } from "vitest";
import { startRawServer } from "../../../tests/raw-server.ts";
import { openTransport } from "../../net/index.ts";
import { openS3Service } from "./index.ts";
import { FakeClock, object, refusal, scripted, TextSink } from "./scripted.fixture.ts";

const aws = { endpoint: undefined };
const regionOf = ({ headers }: { readonly headers: Readonly<Record<string, string>> }) =>
  /\/\d{8}\/([^/]+)\/s3\//.exec(headers["authorization"] ?? "")?.[1];
const malformed = (region: string) => ({
  status: 400,
  body: `<Error><Code>AuthorizationHeaderMalformed</Code><Message>expecting '${region}'</Message><Region>${region}</Region></Error>`,
});

describe("a server of one's own that names its region", () => {
  test("is signed for it from then on, at the same host, for every bucket", async () => {
    const { service, bucket, transport } = scripted((request) =>
      regionOf(request) === "garage" ? object("x", '"a"') : malformed("garage"),
    );
    await bucket.read("k", new TextSink());
    await service.bucket("other").read("k", new TextSink());
    expect(transport.requests.map(regionOf)).toEqual(["us-east-1", "garage", "garage"]);
    expect(new Set(transport.requests.map(({ origin }) => origin))).toEqual(new Set(["http://127.0.0.1:9"]));
  });

  test("is believed when a HEAD could not be told and a GET was", async () => {
    const { bucket, transport } = scripted((request) => {
      if (regionOf(request) === "garage") return object("", '"a"', { "content-length": "7" });
      return request.method === "HEAD" ? { status: 400 } : malformed("garage");
    });
    expect(await bucket.stat("k")).toMatchObject({ sizeBytes: 7 });
    expect(transport.requests.map(({ method }) => method)).toEqual(["HEAD", "GET", "GET", "HEAD"]);
  });

  test("is believed by a request for the account, too", async () => {
    const { service, transport } = scripted((request) =>
      regionOf(request) === "garage"
        ? { status: 200, body: "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>" }
        : malformed("garage"),
    );
    expect(await service.listBuckets()).toEqual([]);
    expect(transport.requests.map(regionOf)).toEqual(["us-east-1", "garage"]);
  });

  test("and then another one, ends after two requests", async () => {
    const { bucket, transport } = scripted((request) => malformed(regionOf(request) === "a-1" ? "b-1" : "a-1"));
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "misconfigured" });
    expect(transport.requests).toHaveLength(2);
  });

  test.each(["evil.com/#", "EU", "x y"])("is not believed when it is %j", async (region) => {
    const { bucket, transport } = scripted(() => malformed(region));
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "misconfigured" });
    expect(transport.requests).toHaveLength(1);
  });

  test("sends on for one bucket is signed for another region there, at the same host, and not for other buckets", async () => {
    const { service, bucket, transport } = scripted((request) => {
      if (request.path.startsWith("/other/") || regionOf(request) === "eu-west-1") return object("x", '"a"');
      return refusal(301, "PermanentRedirect", { "x-amz-bucket-region": "eu-west-1" });
    });
    await bucket.read("k", new TextSink());
    await service.bucket("other").read("k", new TextSink());
    await bucket.read("k", new TextSink());
    expect(transport.requests.map(regionOf)).toEqual(["us-east-1", "eu-west-1", "us-east-1", "eu-west-1"]);
    expect(new Set(transport.requests.map(({ origin }) => origin))).toEqual(new Set(["http://127.0.0.1:9"]));
  });

  test("gets nothing signed from who is anonymous", async () => {
    const { bucket, transport } = scripted(() => malformed("garage"), { credentials: "anonymous" });
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "misconfigured" });
    expect(transport.requests).toHaveLength(1);
  });
});

describe("AWS", () => {
  const moved = (region: string) => refusal(301, "PermanentRedirect", { "x-amz-bucket-region": region });

  test("names a bucket's region once, and it is remembered, also by those who asked at the same time", async () => {
    const { bucket, transport } = scripted(
      ({ origin }) => (origin.includes("eu-west-3") ? object("x", '"a"') : moved("eu-west-3")),
      aws,
    );
    await Promise.all(Array.from({ length: 5 }, () => bucket.read("k", new TextSink())));
    await bucket.read("k", new TextSink());
    const firsts = transport.requests.filter(({ origin }) => origin.includes("us-east-1"));
    expect(firsts).toHaveLength(5);
    expect(transport.requests).toHaveLength(11);
  });

  test("sends to and fro between two regions: two requests, and an error that names the last", async () => {
    const { bucket, transport } = scripted(
      ({ origin }) => moved(origin.includes("us-east-1") ? "eu-west-3" : "us-east-1"),
      aws,
    );
    for (let call = 0; call < 3; call++)
      await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "misconfigured" });
    expect(transport.requests).toHaveLength(6);
  });

  test("in another partition has other credentials, so nobody is sent there", async () => {
    const { bucket, transport } = scripted(() => moved("cn-north-1"), aws);
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "misconfigured" });
    expect(transport.requests).toHaveLength(1);
  });

  test("keeps the choice of hosts in another region", async () => {
    const { bucket, transport } = scripted(
      ({ origin }) => (origin.includes("eu-west-3") ? object("x", '"a"') : moved("eu-west-3")),
      { ...aws, dualStack: true },
    );
    await bucket.read("k", new TextSink());
    expect(transport.requests[1]?.origin).toBe("https://b.s3.dualstack.eu-west-3.amazonaws.com");
  });
});

test("the clock is put right once in a call, and stays so", async () => {
  const clock = new FakeClock();
  const date = new Date(clock.nowMs + 3_600_000).toUTCString();
  const { bucket, transport } = scripted(() => refusal(403, "RequestTimeTooSkewed", { date }));
  await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "unauthenticated" });
  expect(transport.requests.map(({ headers }) => headers["x-amz-date"])).toEqual([
    "20261122T120000Z",
    "20261122T130000Z",
  ]);
});

test.each([301, 302, 303, 307, 308])("a redirect of %s is never followed to another server", async (status) => {
  await using other = await startRawServer((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  await using server = await startRawServer((socket) =>
    socket.write(
      `HTTP/1.1 ${status} Elsewhere\r\nLocation: ${other.origin}/b/k\r\nx-amz-bucket-region: eu-west-3\r\nContent-Length: 0\r\n\r\n`,
    ),
  );
  const transport = openTransport({ workload: "few" });
  const service = openS3Service({
    endpoint: server.origin,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "tokencanary" },
    transport,
  });
  const bucket = service.bucket("b");
  await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "misconfigured" });
  await expect(bucket.write("k", Buffer.from("x"))).rejects.toMatchObject({ code: "misconfigured" });
  expect(server.received.join("")).toContain("tokencanary");
  expect(other.sockets).toHaveLength(0);
  await transport.close();
});

describe("a server that refuses the question for checksums", () => {
  const unsupported = {
    status: 400,
    body: "<Error><Code>InvalidArgument</Code><Message>Unsupported header 'x-amz-checksum-mode' received for this API call.</Message></Error>",
  };

  test("is asked once, and every read after that does without", async () => {
    const { bucket, transport } = scripted(({ headers }) =>
      headers["x-amz-checksum-mode"] === undefined ? object("x", '"a"') : unsupported,
    );
    const sink = new TextSink();
    await bucket.read("k", sink);
    await bucket.read("k", new TextSink());
    expect(sink.text).toBe("x");
    expect(transport.requests.map(({ headers }) => headers["x-amz-checksum-mode"])).toEqual([
      "ENABLED",
      undefined,
      undefined,
    ]);
  });

  test("and refuses it still when nobody asks, is not asked for ever", async () => {
    const { bucket, transport } = scripted(() => unsupported);
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "protocol" });
    expect(transport.requests).toHaveLength(2);
  });
});

test("MinIO says in a header why it refuses a HEAD, and that a key is no path", async () => {
  const { bucket, transport } = scripted(() => ({
    status: 400,
    headers: { "x-minio-error-code": "XMinioInvalidObjectName" },
  }));
  await expect(bucket.stat("a//b")).rejects.toMatchObject({ code: "unrepresentable-name" });
  expect(transport.requests).toHaveLength(1);
});
