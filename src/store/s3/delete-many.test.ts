import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { EntrepotError, type ErrorCode } from "../../error/index.ts";
import { openTransport, type TransportRequest } from "../../net/index.ts";
import { type ScriptedAnswer, startS3Server } from "../../testing/index.ts";
import type { DeletedKey, ObjectStore, RequestOptions } from "../object-store.ts";
import { fitsXml } from "./delete-document.ts";
import { openS3Service } from "./index.ts";
import { refusal, scripted } from "./scripted.fixture.ts";

const xml = (...elements: string[]): ScriptedAnswer => ({
  status: 200,
  body: `<?xml version="1.0"?><DeleteResult xmlns="urn:x">${elements.join("")}</DeleteResult>`,
});
const deleted = (key: string) => `<Deleted><Key>${key}</Key></Deleted>`;
const failed = (key: string, code: string) =>
  `<Error><Key>${key}</Key><Code>${code}</Code><Message>m</Message></Error>`;
const asked = (request: TransportRequest): string[] =>
  [...String(request.body).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => key);
const documents = (requests: readonly TransportRequest[]) => requests.filter(({ method }) => method === "POST");
const singles = (requests: readonly TransportRequest[]) =>
  requests.filter(({ method }) => method === "DELETE").map(({ path }) => path);

async function outcomes(store: ObjectStore, keys: readonly string[], options?: RequestOptions) {
  const told: DeletedKey[] = [];
  for await (const one of store.deleteMany?.(keys, options) ?? []) told.push(one);
  expect(told.map(({ key }) => key)).toEqual(keys);
  return told.map(({ error }) => error?.code);
}

const ok: ErrorCode | undefined = undefined;

describe("keys that go together", () => {
  test("are one POST with their MD5 and their signature, and no quiet mode", async () => {
    const { bucket, transport } = scripted((request) => xml(...asked(request).map(deleted)));
    expect(await outcomes(bucket, ["a", "b/c"])).toEqual([ok, ok]);
    const [request] = transport.requests;
    expect([request?.method, request?.path]).toEqual(["POST", "/b?delete="]);
    const md5 = createHash("md5")
      .update(request?.body as Uint8Array)
      .digest("base64");
    expect(request?.headers["content-md5"]).toBe(md5);
    expect(request?.headers["authorization"]).toMatch(/SignedHeaders=[^,]*content-md5/);
    expect(String(request?.body)).not.toContain("Quiet");
  });

  test("are anonymous without a signature, and have their MD5 all the same", async () => {
    const answer = (request: TransportRequest) => xml(...asked(request).map(deleted));
    const { bucket, transport } = scripted(answer, { credentials: "anonymous" });
    await outcomes(bucket, ["a", "b"]);
    expect(transport.requests[0]?.headers).toMatchObject({ "content-md5": expect.any(String) });
    expect(transport.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  test.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [999, 1],
    [1000, 1],
    [1001, 1],
    [1002, 2],
    [2500, 3],
  ])("are %i keys in %i documents", async (count, posts) => {
    const keys = Array.from({ length: count }, (_, index) => `k${index}`);
    const { bucket, transport } = scripted((request) =>
      request.method === "DELETE" ? { status: 204 } : xml(...asked(request).map(deleted)),
    );
    expect(await outcomes(bucket, keys)).toEqual(keys.map(() => ok));
    expect(documents(transport.requests).length).toBe(posts);
    expect(documents(transport.requests).every((request) => asked(request).length <= 1000)).toBe(true);
  });

  test("that are given twice are asked for once and told of twice", async () => {
    const { bucket, transport } = scripted((request) => xml(...asked(request).map(deleted)));
    expect(await outcomes(bucket, ["a", "b", "a"])).toEqual([ok, ok, ok]);
    expect(transport.requests.map(asked)).toEqual([["a", "b"]]);
  });
});

describe("the outcome of each key", () => {
  test("is typed by the word that the server says of it, and bears its address", async () => {
    const { bucket } = scripted(() =>
      xml(deleted("a"), failed("b", "AccessDenied"), failed("c", "InvalidObjectState"), failed("d", "Whatever")),
    );
    expect(await outcomes(bucket, ["a", "b", "c", "d"])).toEqual([ok, "forbidden", "archived", "protocol"]);
    for await (const { key, error } of bucket.deleteMany?.(["a", "b"]) ?? []) {
      if (key === "b") expect(error).toMatchObject({ uri: "s3://b/b", message: expect.stringContaining("s3://b/b") });
    }
  });

  test("is success where the object is not there, but not where the bucket is not", async () => {
    const { bucket } = scripted(() => xml(failed("a", "NoSuchKey"), failed("b", "NoSuchBucket")));
    expect(await outcomes(bucket, ["a", "b"])).toEqual([ok, "not-found"]);
  });

  test("is an error where the answer does not mention the key", async () => {
    const { bucket } = scripted(() => xml(deleted("a"), deleted("other")));
    expect(await outcomes(bucket, ["a", "b"])).toEqual([ok, "protocol"]);
  });

  test("is an error where the answer says both", async () => {
    const { bucket } = scripted(() => xml(failed("a", "AccessDenied"), deleted("a"), deleted("b")));
    expect(await outcomes(bucket, ["a", "b"])).toEqual(["forbidden", ok]);
  });

  test.each([
    ["cut off", `<?xml version="1.0"?><DeleteResult>${deleted("a")}${deleted("b")}`],
    ["a page of a proxy", "<html><body>fine</body></html>"],
    ["empty", ""],
  ])("is an error where the answer is %s", async (_what, body) => {
    const { bucket } = scripted(() => ({ status: 200, body }));
    expect(await outcomes(bucket, ["a", "b"])).toEqual(["protocol", "protocol"]);
  });
});

describe("a failure that may pass", () => {
  test.each(["InternalError", "SlowDown", "ServiceUnavailable"])(
    "of single keys (%s) is tried again for these alone",
    async (code) => {
      const { bucket, transport, clock } = scripted((request, n) =>
        n < 3 ? xml(deleted("a"), failed("b", code), failed("c", "AccessDenied")) : xml(...asked(request).map(deleted)),
      );
      expect(await outcomes(bucket, ["a", "b", "c"])).toEqual([ok, ok, "forbidden"]);
      expect(transport.requests.map(asked)).toEqual([["a", "b", "c"], ["b"], ["b"]]);
      expect(clock.sleptMs.length).toBe(2);
      for (const request of transport.requests) {
        const md5 = createHash("md5")
          .update(request.body as Uint8Array)
          .digest("base64");
        expect(request.headers["content-md5"]).toBe(md5);
      }
    },
  );

  test("of single keys ends with the retry policy, each key with its own reason", async () => {
    const { bucket, transport } = scripted(() =>
      xml(deleted("a"), failed("b", "InternalError"), failed("c", "SlowDown")),
    );
    const retry = { attempts: 3, budgetMs: 60_000, baseDelayMs: 1, maxDelayMs: 1 };
    expect(await outcomes(bucket, ["a", "b", "c"], { retry })).toEqual([ok, "server-error", "throttled"]);
    expect(transport.requests.length).toBe(3);
  });

  test.each([
    ["a 503", () => refusal(503, "SlowDown")],
    ["an error in a 200", () => refusal(200, "InternalError")],
    [
      "a lost answer",
      () => {
        throw new EntrepotError("unreachable", "the connection broke");
      },
    ],
  ])("of the whole request (%s) is tried again for all", async (_what, first) => {
    const { bucket, transport } = scripted((request, n) => (n === 1 ? first() : xml(...asked(request).map(deleted))));
    expect(await outcomes(bucket, ["a", "b"])).toEqual([ok, ok]);
    expect(transport.requests.map(asked)).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  test("does not delete again what is known to be gone, when a later try of the request is refused", async () => {
    const { bucket } = scripted((_request, n) =>
      n === 1 ? xml(deleted("a"), failed("b", "InternalError")) : refusal(403, "AccessDenied"),
    );
    expect(await outcomes(bucket, ["a", "b"])).toEqual([ok, "server-error"]);
  });
});

test("a request that is refused for good is the failure of each of its keys, under its own address", async () => {
  const { bucket } = scripted(() => refusal(403, "AccessDenied"));
  const told: DeletedKey[] = [];
  for await (const one of bucket.deleteMany?.(["a", "b"]) ?? []) told.push(one);
  expect(told.map(({ error }) => [error?.code, error?.uri])).toEqual([
    ["forbidden", "s3://b/a"],
    ["forbidden", "s3://b/b"],
  ]);
});

test("an abort ends everything with its reason", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  const { bucket, transport } = scripted(() => {
    stop.abort(reason);
    return refusal(503, "SlowDown");
  });
  await expect(outcomes(bucket, ["a", "b"], { signal: stop.signal })).rejects.toBe(reason);
  expect(transport.requests.length).toBe(1);
});

describe("a service that cannot delete many at once", () => {
  test.each([
    [501, "NotImplemented"],
    [400, "NotImplemented"],
    [405, "MethodNotAllowed"],
    [405, ""],
  ])("(%i %s) is asked for each, and never again for all", async (status, code) => {
    const { bucket, service, transport } = scripted((request) =>
      request.method === "POST" ? refusal(status, code) : { status: 204 },
    );
    expect(await outcomes(bucket, ["a", "b"])).toEqual([ok, ok]);
    expect(await outcomes(service.bucket("other"), ["c", "d"])).toEqual([ok, ok]);
    expect(documents(transport.requests).length).toBe(1);
    expect(singles(transport.requests).sort()).toEqual(["/b/a", "/b/b", "/other/c", "/other/d"]);
  });

  test.each(["InvalidArgument", "MalformedXML"])("but says %s is asked for each this time", async (code) => {
    const { bucket, transport } = scripted((request) =>
      request.method === "POST"
        ? refusal(400, code)
        : request.path === "/b/b"
          ? refusal(403, "AccessDenied")
          : { status: 204 },
    );
    expect(await outcomes(bucket, ["a", "b"])).toEqual([ok, "forbidden"]);
    expect(await outcomes(bucket, ["a", "b"])).toEqual([ok, "forbidden"]);
    expect(documents(transport.requests).length).toBe(2);
  });
});

describe("keys in XML", () => {
  const hostile = [
    "a&b",
    "<Key>",
    "]]>",
    '"q"',
    "a'b",
    "a//b",
    "../x",
    "a+b%20c",
    "ü/\u{1F600}",
    "__proto__",
    "Key",
    "&amp;",
  ];
  const alone = [
    "tab\there",
    "line\nbreak",
    "cr\rhere",
    "nul\0",
    "\u0001",
    "\u0085",
    "\u2028",
    "\uFFFE",
    " a",
    "a ",
    "\u3000",
    "x".repeat(1025),
  ];

  test.each(hostile)("%j goes with others, and is itself", (key) => expect(fitsXml(key)).toBe(true));
  test.each(alone)("%j goes alone", (key) => expect(fitsXml(key)).toBe(false));
  test("half a surrogate pair goes alone, and is refused here", async () => {
    const { bucket, transport } = scripted((request) => xml(...asked(request).map(deleted)));
    expect(await outcomes(bucket, ["a", "b", "\uD800"])).toEqual([ok, ok, "invalid-address"]);
    expect(transport.requests.map(asked)).toEqual([["a", "b"]]);
  });

  test("hostile keys are deleted as exactly themselves, their neighbours stay", async () => {
    const server = await startS3Server({ buckets: ["b"] });
    const transport = openTransport();
    try {
      const bucket = openS3Service({ ...server.options, transport }).bucket("b");
      const keys = [...hostile, ...alone.filter((key) => key.length < 100)];
      const neighbours = ["a", "b", "a&amp;b", "tab here", "&"];
      for (const key of [...keys, ...neighbours]) await bucket.write(key, Buffer.from("x"));
      server.clearRequests();
      expect(await outcomes(bucket, keys)).toEqual(keys.map(() => ok));
      expect(server.requests.filter(({ operation }) => operation === "DeleteObjects").length).toBe(1);
      const left: string[] = [];
      for await (const page of bucket.list()) left.push(...page.objects.map(({ key }) => key));
      expect(left.sort()).toEqual(neighbours.sort());
      expect(server.internalErrors).toEqual([]);
    } finally {
      await transport.close();
      await server.close();
    }
  });
});
