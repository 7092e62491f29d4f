import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RecordedRequest } from "./request-log.ts";
import { type RunningS3Server, startServer } from "./s3-server.ts";
import { MemoryStorage } from "./storage/memory-storage.ts";

let server: RunningS3Server;
let answered: RecordedRequest[];
const internal: unknown[] = [];

beforeEach(async () => {
  answered = [];
  server = await startServer({
    storage: new MemoryStorage(),
    credentials: [],
    anonymous: true,
    buckets: ["photos"],
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
    onAnswer: (record) => answered.push(record),
    onInternalError: (error) => internal.push(error),
  });
});
afterEach(async () => {
  await server.close();
  expect(internal).toEqual([]);
});

/** Speaks HTTP by hand; gives what came back until the server hung up. */
async function raw(...texts: readonly string[]): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  for (const text of texts) socket.write(text, "latin1");
  await once(socket, "close");
  return received;
}

interface Reply {
  readonly status: number | undefined;
  readonly body: string;
  readonly message: IncomingMessage;
  readonly reused: boolean;
}

async function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = "",
  agent?: Agent,
): Promise<Reply> {
  const request = httpRequest({ port: server.port, host: "127.0.0.1", method, path, headers, ...(agent && { agent }) });
  request.end(body);
  const [message] = (await once(request, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return { status: message.statusCode, body: Buffer.concat(chunks).toString(), message, reused: request.reusedSocket };
}

test("an error names the request that it answers, in headers and document", async () => {
  const { status, body, message } = await send("GET", "/photos/a%3Cb");
  expect(status).toBe(404);
  expect(message.headers).toMatchObject({ "content-type": "application/xml", date: "Fri, 02 Jan 2026 03:04:05 GMT" });
  expect(body).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a&lt;b</Key>' +
      `<Resource>/photos/a&lt;b</Resource><RequestId>${message.headers["x-amz-request-id"]}</RequestId><HostId>${message.headers["x-amz-id-2"]}</HostId></Error>`,
  );
});

test("HEAD has the headers of GET and no body, even for an error", async () => {
  await send("PUT", "/photos/k", {}, "hello");
  const head = await send("HEAD", "/photos/k");
  const get = await send("GET", "/photos/k");
  const described = ["content-length", "content-type", "etag", "last-modified", "accept-ranges"];
  for (const name of described) expect(head.message.headers[name], name).toBe(get.message.headers[name]);
  expect([head.body, get.body]).toEqual(["", "hello"]);
  expect(await send("HEAD", "/photos/none")).toMatchObject({ status: 404, body: "" });
});

test("a bucket is found in the host name as in the path", async () => {
  await send("PUT", "//k/", { host: "photos.localhost:1" }, "x");
  expect(await send("GET", "/photos//k/")).toMatchObject({ status: 200, body: "x" });
  expect((await send("GET", "/", { host: "photos.localhost" })).body).toContain("<Key>/k/</Key>");
});

describe("a connection", () => {
  test("survives a body that was refused unread, whatever its size", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const size of [1, 100_000, 3_000_000]) {
      expect((await send("PUT", "/nowhere/k", {}, "x".repeat(size), agent)).status).toBe(404);
      expect(await send("GET", "/photos/none", {}, "", agent)).toMatchObject({ status: 404, reused: true });
    }
    agent.destroy();
  });

  test("survives a body that was refused half read", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const headers = {
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-trailer": "x-amz-checksum-crc32",
      "x-amz-decoded-content-length": "3000000",
    };
    for (const body of [`10\r\n${"x".repeat(16)}\r\nno size\r\n${"x".repeat(3_000_000)}`, "no size\r\n"]) {
      expect((await send("PUT", "/photos/k", headers, body, agent)).status).toBe(400);
      expect(await send("GET", "/photos/none", {}, "", agent)).toMatchObject({ status: 404, reused: true });
    }
    agent.destroy();
  });

  test("is told to go on only when the body is wanted, and closed when it is not", async () => {
    const put = (path: string, end: string) =>
      `PUT ${path} HTTP/1.1\r\nhost: x\r\nconnection: ${end}\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n`;
    const refused = await raw(put("/nowhere/k", "keep-alive"));
    expect(refused).toMatch(/^HTTP\/1.1 404 /);
    expect(refused.toLowerCase()).toContain("connection: close");
    const wanted = await raw(put("/photos/k", "close"), "hello");
    expect(wanted).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
    expect((await send("GET", "/photos/k")).body).toBe("hello");
  });

  test("that ends in the middle of a body leaves no object", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write("PUT /photos/half HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhello");
    socket.end();
    socket.resume();
    await once(socket, "close");
    expect((await send("GET", "/photos/half")).status).toBe(404);
    expect(answered.find(({ method }) => method === "PUT")).toMatchObject({ bytesIn: 5, errorCode: "IncompleteBody" });
  });

  test("may carry several requests at once, answered in order", async () => {
    const get = (key: string, end: string) => `GET /photos/${key} HTTP/1.1\r\nhost: x\r\nconnection: ${end}\r\n\r\n`;
    const received = await raw(get("first", "keep-alive"), get("second", "close"));
    expect(received.match(/<Key>\w+<\/Key>/g)).toEqual(["<Key>first</Key>", "<Key>second</Key>"]);
  });
});

describe("what is no proper request", () => {
  test.each<[string, string, number]>([
    ["no HTTP", "hello\r\n\r\n", 400],
    ["a stray percent sign", "GET /photos/% HTTP/1.1\r\nhost: x\r\n\r\n", 400],
    ["a key without a bucket", "GET //k HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", 400],
    ["a method that S3 has not", "PATCH /photos/k HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", 405],
    ["a body of no known length", "PUT /photos/k HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", 411],
    [
      "a body in HTTP's own chunks",
      "PUT /photos/k HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
      501,
    ],
    [
      "a body beyond the limit",
      "PUT /photos/k HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 5368709121\r\n\r\n",
      400,
    ],
    [
      "metadata beyond the limit",
      `PUT /photos/k HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-amz-meta-a: ${"x".repeat(2048)}\r\ncontent-length: 0\r\n\r\n`,
      400,
    ],
    ["a sub-resource that is not offered", "GET /photos?session HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", 501],
    [
      "an empty form",
      "POST /photos HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 0\r\n\r\n",
      400,
    ],
    [
      "overrides without a signature",
      "GET /photos/k?response-content-type=a/b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
      400,
    ],
  ])("%s", async (_what, text, status) => {
    await send("PUT", "/photos/k", {}, "x");
    expect(await raw(text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });
});

test("a body is held against its SHA-256", async () => {
  const headers = { "x-amz-content-sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" };
  expect((await send("PUT", "/photos/k", headers, "hello")).status).toBe(200);
  const { status, body } = await send("PUT", "/photos/k", headers, "hellx");
  expect([status, body]).toEqual([400, expect.stringContaining("<Code>XAmzContentSHA256Mismatch</Code>")]);
  expect((await send("GET", "/photos/k")).body).toBe("hello");
});

test("a record tells what came, what went, and no secret", async () => {
  await send(
    "PUT",
    "/photos/k?x-id=PutObject&X-Amz-Meta=1",
    { "x-amz-security-token": "hush", "X-Amz-Meta-A": "1" },
    "hello",
  );
  await send("GET", "/photos/k", { range: "bytes=1-2" });
  expect(answered).toMatchObject([
    {
      method: "PUT",
      operation: "PutObject",
      bucket: "photos",
      key: "k",
      query: { "x-id": "PutObject" },
      status: 200,
      bytesIn: 5,
      bytesOut: 0,
    },
    {
      method: "GET",
      operation: "GetObject",
      range: "bytes=1-2",
      status: 206,
      bytesIn: 0,
      bytesOut: 2,
      errorCode: undefined,
      startedMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    },
  ]);
  expect(answered[0]?.headers).toMatchObject({ "x-amz-meta-a": "1", "x-amz-security-token": "REDACTED" });
  expect(JSON.stringify(answered)).not.toContain("hush");
});

test("closing ends idle connections and those in the middle of something, and happens once", async () => {
  const idle = connect(server.port, "127.0.0.1");
  const busy = connect(server.port, "127.0.0.1");
  busy.write("PUT /photos/k HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhello");
  const ends = [idle, busy].map((socket) => new Promise((end) => socket.resume().on("error", end).on("close", end)));
  await Promise.all([once(idle, "connect"), once(busy, "connect")]);
  await Promise.all([server.close(), server.close(), ...ends]);
  const refused = connect(server.port, "127.0.0.1");
  expect(await once(refused, "error")).toMatchObject([{ code: "ECONNREFUSED" }]);
});

test("a port that is taken, and a bucket's name that is none, are refused at the start", async () => {
  const settings = { storage: new MemoryStorage(), credentials: [] };
  await expect(startServer({ ...settings, port: server.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await expect(startServer({ ...settings, buckets: ["../No"] })).rejects.toThrow(TypeError);
});

const head = "HTTP/1.1\r\nhost: x\r\n";

test("of two requests that come at once, the second sees what the first did", async () => {
  const texts = [`PUT /photos/k ${head}content-length: 1\r\n\r\nx`, `GET /photos/k ${head}connection: close\r\n\r\n`];
  expect((await raw(texts.join(""))).match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 200"]);
});

test("more bytes than announced spoil the connection, not the answer to the request before them", async () => {
  const received = await raw(`PUT /photos/k ${head}content-length: 1\r\n\r\nxyz`);
  expect(received.match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 400"]);
});

test("a condition counts after any number of headers", async () => {
  await send("PUT", "/photos/k", {}, "old");
  const many = Array.from({ length: 3000 }, (_, index) => `a${index}: 1\r\n`).join("");
  const text = `PUT /photos/k ${head}connection: close\r\n${many}if-none-match: *\r\ncontent-length: 3\r\n\r\nnew`;
  expect(await raw(text)).toMatch(/^HTTP\/1.1 412 /);
});

test("a refusal repeats nothing of a query", async () => {
  const received = await raw(`GET /photos/%zz?X-Amz-Signature=CANARY ${head}\r\n`, "");
  expect(received).toContain("<Resource>/photos/%zz</Resource>");
  expect(received + (await raw(`GET /photos/k?X-Amz-Signature=CANARY%zz ${head}\r\n`))).not.toContain("CANARY");
  expect(await raw(`GET /photos/k?Signature=CANARY ${head}connection: close\r\n\r\n`)).toContain("SigV4");
  expect(JSON.stringify(answered)).not.toContain("CANARY");
});

test("a second Host is refused", async () => {
  expect(await raw(`GET /photos/k ${head}host: b.localhost\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 [\s\S]*<Code>BadRequest/);
});
