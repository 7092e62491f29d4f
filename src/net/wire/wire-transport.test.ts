/** What only the connections of our own promise, beside all that every transport does. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { failureOf, get, ok, Recording, startRawServer } from "../../../tests/raw-server.ts";
import { openTransport } from "../index.ts";

const headed = (line: string) => ok.replace("\r\n\r\n", `\r\n${line}\r\n\r\n`);

test("a piece is what it was until the promise of the sink settles, though more has come meanwhile", async () => {
  const pieces = Array.from({ length: 40 }, (_, n) => String(n % 10).repeat(5000));
  const whole = pieces.join("");
  await using server = await startRawServer(async (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${whole.length}\r\n\r\n`);
    for (const piece of pieces) {
      socket.write(piece);
      await nextTurn();
    }
  });
  const transport = openTransport();
  let body = "";
  await transport.send(get(server.origin), {
    head: () => undefined,
    async data(chunk) {
      for (let turn = 0; turn < 5; turn++) await nextTurn();
      body += Buffer.from(chunk).toString("latin1");
    },
  });
  expect(body).toBe(whole);
  await transport.close();
});

test("a copy that is made of a piece is one, whatever comes after it", async () => {
  await using server = await startRawServer((socket) => socket.write(ok));
  const transport = openTransport({ concurrency: 1 });
  const copies: Uint8Array[] = [];
  const keeping = { head: () => undefined, data: (chunk: Uint8Array) => void copies.push(chunk.slice()) };
  await transport.send(get(server.origin), keeping);
  const other = ok.replace("0123456789", "abcdefghij");
  server.sockets[0]?.removeAllListeners("data").on("data", () => server.sockets[0]?.write(other));
  await transport.send(get(server.origin), keeping);
  expect(copies.map((copy) => Buffer.from(copy).toString())).toEqual(["0123456789", "abcdefghij"]);
  await transport.close();
});

test("chunks that came in one packet wait for a sink that holds back", async () => {
  await using server = await startRawServer((socket) =>
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n2\r\nef\r\n0\r\n\r\n"),
  );
  const transport = openTransport();
  let body = "";
  let inside = 0;
  await transport.send(get(server.origin), {
    head: () => undefined,
    async data(chunk) {
      expect(inside++).toBe(0);
      await nextTurn();
      body += Buffer.from(chunk).toString("latin1");
      inside--;
    },
  });
  expect(body).toBe("abcdef");
  await transport.close();
});

test.each([
  ["says that it closes it", headed("Connection: close")],
  ["keeps it for a second only", headed("Keep-Alive: timeout=1")],
  ["sends more than it announced", `${ok}x`],
])("a connection is not used again when its server %s", async (_name, answer) => {
  await using server = await startRawServer((socket) => socket.write(answer));
  const transport = openTransport({ concurrency: 1 });
  for (let n = 1; n <= 3; n++) {
    const sink = new Recording();
    await transport.send(get(server.origin), sink);
    expect(sink.body).toBe("0123456789");
  }
  expect(server.sockets).toHaveLength(3);
  await transport.close();
});

test("a connection that brings what nobody asked for is not used again", async () => {
  await using server = await startRawServer((socket) => socket.write(ok));
  const transport = openTransport({ concurrency: 1 });
  await transport.send(get(server.origin), new Recording());
  const socket = server.sockets[0];
  const closed = new Promise((resolve) => socket?.once("close", resolve));
  socket?.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\nETag: "evil"\r\n\r\nevil');
  await closed;
  const sink = new Recording();
  await transport.send(get(server.origin), sink);
  expect(sink.body).toBe("0123456789");
  await transport.close();
});

test.each([
  ["a line break in a header", { headers: { "x-a": "1\r\nx-b: 2" } }],
  ["a header whose name is none", { headers: { "x a": "1" } }],
  ["a header that says where the body ends otherwise", { headers: { "transfer-encoding": "chunked" } }],
  ["a character beyond Latin-1", { headers: { "x-a": "\u{1F600}" } }],
  ["a blank in the path", { path: "/a b" }],
  ["a line break in the path", { path: "/a\r\nx: y" }],
  ["a body of unknown length", { method: "PUT", body: (async function* () {})() }],
] as const)("a request with %s is a caller's mistake and not sent", async (_name, more) => {
  await using server = await startRawServer((socket) => socket.write(ok));
  const transport = openTransport();
  expect(await failureOf(transport.send(get(server.origin, more), new Recording()))).toBeInstanceOf(TypeError);
  expect(server.received).toEqual([]);
  await transport.close();
});

test.each([
  ["shorter", 12],
  ["longer", 5],
])(
  "a body that is %s than was said is a caller's mistake, and its connection is not used again",
  async (_name, said) => {
    await using server = await startRawServer((socket, request) => request.startsWith("GET") && socket.write(ok));
    const transport = openTransport({ concurrency: 1 });
    const body = (async function* () {
      yield Buffer.from("01234");
      yield Buffer.from("56789");
    })();
    const request = get(server.origin, { method: "PUT", body, headers: { "content-length": String(said) } });
    expect(await failureOf(transport.send(request, new Recording()))).toBeInstanceOf(TypeError);
    await transport.send(get(server.origin), new Recording());
    expect(server.received.at(-1)).toMatch(/^GET /);
    // What a server would take for the beginning of another request is never sent.
    const [put = ""] = server.received;
    expect(put.slice(put.indexOf("\r\n\r\n") + 4).length).toBeLessThanOrEqual(said);
    await transport.close();
  },
);

test("a name is reached as an address is, and stands in the request", async () => {
  await using server = await startRawServer((socket) => socket.write(ok));
  const transport = openTransport();
  const sink = new Recording();
  await transport.send(get(server.origin.replace("127.0.0.1", "localhost")), sink);
  expect(sink.body).toBe("0123456789");
  expect(server.received[0]).toContain("host: localhost:");
  await transport.close();
});
