import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { ScriptedAnswer } from "../../testing/index.ts";
import { broken, object, scripted, serve, TextSink, ten } from "../s3/scripted.fixture.ts";

const md5 = (text: string) => `"${hash("md5", text)}"`;
const flipped = "0123456780";

describe("an ETag that may be the MD5 of the bytes", () => {
  test("is held against them, over a break as well", async () => {
    const { bucket, transport } = scripted((request, n) => {
      const whole = serve(request, ten, md5(ten));
      return n === 1 ? { ...whole, cut: { afterBytes: 4, error: broken() } } : whole;
    });
    const sink = new TextSink();
    expect(await bucket.read("k", sink)).toMatchObject({ verified: "checksum" });
    expect(transport.requests).toHaveLength(2);
  });

  test("of no bytes is held against none", async () => {
    const { bucket } = scripted((request) => serve(request, "", md5("")));
    expect(await bucket.read("k", new TextSink())).toMatchObject({ verified: "checksum" });
  });

  test("finds a byte that went wrong on the way, by reading the same version once more", async () => {
    const once = scripted((request, n) => serve(request, n === 1 ? flipped : ten, md5(ten)));
    await expect(once.bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "integrity" });
    expect(once.transport.requests).toHaveLength(2);
    expect(once.transport.requests[1]?.headers).toMatchObject({ "if-match": md5(ten) });
    const healed = scripted((request, n) => serve(request, n === 1 ? flipped : ten, md5(ten)));
    const sink = new TextSink(true);
    expect(await healed.bucket.read("k", sink)).toMatchObject({ verified: "checksum" });
    expect(sink.text).toBe(ten);
    expect(sink.starts).toBe(2);
  });

  test("that is none after all makes nothing unreadable, and costs one more reading for the whole service", async () => {
    const { bucket, service, transport } = scripted((request) => serve(request, ten, md5("something else")));
    const sink = new TextSink();
    expect(await bucket.read("k", sink)).toMatchObject({ verified: "length" });
    expect(sink.text).toBe(ten);
    expect(transport.requests).toHaveLength(2);
    expect(await service.bucket("other").read("k", new TextSink())).toMatchObject({ verified: "length" });
    expect(transport.requests).toHaveLength(3);
  });

  test("is no excuse for a version that cannot be read again", async () => {
    const { bucket } = scripted((request, n) => serve(request, n === 1 ? flipped : ten, n === 1 ? md5(ten) : '"b"'));
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "integrity" });
  });

  test.each([
    ["a key of KMS", { "x-amz-server-side-encryption": "aws:kms" }],
    ["two keys of KMS", { "x-amz-server-side-encryption": "aws:kms:dsse" }],
    ["the caller's key", { "x-amz-server-side-encryption-customer-algorithm": "AES256" }],
  ])("under %s is not taken for one", async (_name, headers) => {
    const { bucket, transport } = scripted(() => object(ten, md5("sealed"), headers));
    expect(await bucket.read("k", new TextSink())).toMatchObject({ verified: "length" });
    expect(transport.requests).toHaveLength(1);
  });

  test.each([
    `"${"A".repeat(32)}"`,
    `W/${md5("x")}`,
    hash("md5", "x"),
    `"${hash("sha1", "x")}"`,
    `"${hash("md5", "x")}-0"`,
    `"${hash("md5", "x")}-123456"`,
  ])("%s is none", async (etag) => {
    const { bucket, transport } = scripted(() => object(ten, etag));
    expect(await bucket.read("k", new TextSink())).toMatchObject({ verified: "length" });
    expect(transport.requests).toHaveLength(1);
  });

  test("gives way to a checksum of the server's", async () => {
    const wrong = { "x-amz-checksum-sha256": hash("sha256", "else", "base64") };
    const { bucket, transport } = scripted(() => object(ten, md5(ten), wrong));
    await expect(bucket.read("k", new TextSink())).rejects.toMatchObject({ code: "integrity" });
    expect(transport.requests).toHaveLength(1);
  });
});

/** An object of parts on a server that knows its trade. */
class PartsServer {
  readonly parts: readonly string[];
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What it answers of its parts. */
  tells: "both" | "first" | "all" | "nothing" = "both";
  spoil: (body: string, n: number) => string = (body) => body;
  #gets = 0;

  constructor(parts: readonly string[], checksum: "SHA256" | "MD5", value?: string) {
    this.parts = parts;
    const ofParts = Buffer.concat(parts.map((part) => hash(checksum.toLowerCase(), part, "buffer")));
    const hex = value ?? hash(checksum.toLowerCase(), ofParts);
    this.etag = checksum === "MD5" ? `"${hex}-${parts.length}"` : '"v1"';
    const announced = `${Buffer.from(hex, "hex").toString("base64")}-${parts.length}`;
    this.headers = checksum === "MD5" ? {} : { "x-amz-checksum-sha256": announced, "x-amz-checksum-type": "COMPOSITE" };
  }

  readonly answer = (request: Parameters<Parameters<typeof scripted>[0]>[0]): ScriptedAnswer => {
    const { parts, etag, tells } = this;
    const whole = parts.join("");
    if (request.path.includes("partNumber=1")) {
      if (tells === "all" || tells === "nothing")
        return { status: 200, headers: { "content-length": String(whole.length), etag } };
      const counted = {
        "content-length": String(parts[0]?.length),
        "x-amz-mp-parts-count": String(parts.length),
        etag,
      };
      return { status: 206, headers: counted };
    }
    if (request.path.includes("attributes=")) {
      if (tells === "first" || tells === "nothing") return { status: 501 };
      const each = parts.map((part, n) => `<Part><PartNumber>${n + 1}</PartNumber><Size>${part.length}</Size></Part>`);
      const body = `<R><ObjectParts><PartsCount>${parts.length}</PartsCount>${each.join("")}</ObjectParts></R>`;
      return { status: 200, body };
    }
    const answer = serve(request, whole, etag);
    const body = this.spoil(String(answer.body), ++this.#gets);
    return { ...answer, headers: { ...answer.headers, ...(answer.status === 200 ? this.headers : {}) }, body };
  };
}

const equal = ["abcd", "efgh", "ij"];
const unequal = ["ab", "cdefgh", "ij"];

describe.each(["SHA256", "MD5"] as const)("a checksum of parts, %s", (algorithm) => {
  const read = async (server: PartsServer, sink = new TextSink()) => {
    const { bucket, transport } = scripted(server.answer);
    const result = await bucket.read("k", sink);
    return {
      result,
      sink,
      paths: transport.requests.map(({ method, path }) => `${method} ${path.split("?")[1] ?? ""}`),
    };
  };

  test("is held against the bytes, by the length of the first part", async () => {
    const { result, sink, paths } = await read(new PartsServer(equal, algorithm));
    expect(result).toMatchObject({ verified: "checksum" });
    expect(sink.text).toBe("abcdefghij");
    expect(paths.filter((path) => path !== "GET ")).toEqual(["HEAD partNumber=1"]);
  });

  test("by the lengths of all, where they are not equal", async () => {
    const { result, paths } = await read(new PartsServer(unequal, algorithm));
    expect(result).toMatchObject({ verified: "checksum" });
    expect(paths).toContain("GET attributes=");
  });

  test("of a single part asks nobody", async () => {
    const { result, paths } = await read(new PartsServer(["all of it"], algorithm));
    expect(result).toMatchObject({ verified: "checksum" });
    expect(paths).toEqual(["GET "]);
  });

  test("where the server tells nothing of parts says so, and it is not asked twice", async () => {
    const server = new PartsServer(equal, algorithm);
    server.tells = "nothing";
    const { bucket, transport } = scripted(server.answer);
    expect(await bucket.read("k", new TextSink())).toMatchObject({ verified: "length" });
    const asked = () => transport.requests.filter(({ path }) => path.includes("?")).length;
    expect(asked()).toBe(2);
    expect(await bucket.read("k", new TextSink())).toMatchObject({ verified: "length" });
    expect(asked()).toBe(2);
  });

  test("finds one wrong byte, wherever it is", async () => {
    for (let at = 0; at < 10; at++) {
      const server = new PartsServer(equal, algorithm);
      server.spoil = (body, n) => (n <= 2 ? spoilt(body, at) : body);
      const sink = new TextSink(true);
      const { result } = await read(server, sink);
      expect([sink.text, sink.starts, result]).toMatchObject([
        "abcdefghij",
        expect.any(Number),
        { verified: "checksum" },
      ]);
    }
  });

  test("finds a wrong byte that comes in every reading, where the parts are known for certain", async () => {
    const server = new PartsServer(unequal, algorithm);
    server.spoil = (body) => body.replace("j", "J");
    if (algorithm === "MD5") expect((await read(server)).result).toMatchObject({ verified: "length" });
    else await expect(read(server)).rejects.toMatchObject({ code: "integrity" });
  });

  test("that was computed otherwise makes nothing unreadable", async () => {
    const { result, sink } = await read(new PartsServer(equal, algorithm, "00".repeat(algorithm === "MD5" ? 16 : 32)));
    expect(result).toMatchObject({ verified: "length" });
    expect(sink.text).toBe("abcdefghij");
  });
});

function spoilt(body: string, at: number): string {
  return body.slice(0, at) + String.fromCharCode(body.charCodeAt(at) ^ 1) + body.slice(at + 1);
}
