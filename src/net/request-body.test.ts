import { describe, expect, test } from "vitest";
import { failureOf, get, ok, Recording, startRawServer } from "../../tests/raw-server.ts";
import { openTransport } from "./index.ts";
import { piecesOf, wholeBodyBytes } from "./request-body.ts";

/** What the slowest line that is waited for carries within the usual bounds of 30 s, bytes. */
const carried = 30_000;

test("no piece of a body is more than 1,000 bytes a second carry within the bound, and each one is reported", async () => {
  expect(wholeBodyBytes).toBeLessThanOrEqual(carried);
  const large = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
  const streamed = (async function* () {
    yield large.subarray(0, 70_000);
    yield new Uint8Array();
    yield large.subarray(70_000);
  })();
  for (const body of [large, streamed]) {
    const steps: string[] = [];
    const progress = { onPiece: () => steps.push("piece"), onEnd: () => steps.push("end"), onBroken: () => undefined };
    const pieces: Uint8Array[] = [];
    for await (const piece of piecesOf(body, progress)) pieces.push(piece);
    expect(Math.max(...pieces.map((piece) => piece.byteLength))).toBeLessThanOrEqual(carried);
    expect(Buffer.concat(pieces).equals(large)).toBe(true);
    expect(steps).toEqual([...pieces.map(() => "piece"), "end"]);
  }
});

describe.each(["many", "few"] as const)("a body sent by the transport for %s requests", (workload) => {
  const open = (options = {}) => openTransport({ workload, ...options });

  test("small, large and streamed bodies arrive whole, with their length announced", async () => {
    const large = Buffer.alloc(3_000_000, "x");
    const pieces = async function* () {
      for (let at = 0; at < 30; at++) yield large.subarray(0, 100_000);
    };
    const cases: readonly (readonly [Uint8Array | AsyncIterable<Uint8Array>, number, Record<string, string>])[] = [
      [Buffer.from("small"), 5, {}],
      [new Uint8Array(), 0, {}],
      [large, 3_000_000, {}],
      [pieces(), 3_000_000, { "content-length": "3000000" }],
    ];
    for (const [body, size, headers] of cases) {
      let answered = false;
      await using server = await startRawServer((socket) => {
        const respond = () => {
          const text = server.received[0] ?? "";
          if (answered || text.length - text.indexOf("\r\n\r\n") - 4 < size) return;
          answered = true;
          socket.write(ok);
        };
        socket.on("data", respond);
        respond();
      });
      const transport = open();
      await transport.send(get(server.origin, { method: "PUT", body, headers }), new Recording());
      expect(server.received[0]?.toLowerCase()).toContain(`content-length: ${size}\r\n`);
      expect(server.received[0]?.toLowerCase()).not.toContain("transfer-encoding");
      await transport.close();
    }
  });

  test("a final answer before the body is out is taken, and its connection is not used again", async () => {
    await using server = await startRawServer((socket, request, n) => {
      if (n === 1) socket.pause();
      socket.write(request.startsWith("PUT") ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno" : ok);
    });
    const transport = open({ concurrency: 1 });
    const body = Buffer.alloc(20_000_000);
    const sink = new Recording();
    await transport.send(get(server.origin, { method: "PUT", body }), sink);
    expect(sink.statuses).toEqual([403]);
    const next = new Recording();
    await transport.send(get(server.origin), next);
    expect(next.body).toBe("0123456789");
    expect(server.sockets).toHaveLength(2);
    await transport.close();
  });

  test("a server that stops reading a body is given up on", async () => {
    await using server = await startRawServer((socket) => socket.pause());
    const transport = open({ timeouts: { idleMs: 150, firstByteMs: 10_000 } });
    const body = Buffer.alloc(30_000_000);
    const error = await failureOf(transport.send(get(server.origin, { method: "PUT", body }), new Recording()));
    expect(error).toMatchObject({ code: "timeout" });
    await transport.close();
  });

  test("what the body's source throws is what the request rejects with", async () => {
    await using server = await startRawServer(() => undefined);
    const transport = open();
    const reason = new Error("the source is gone");
    const body = (async function* () {
      yield Buffer.from("12345");
      throw reason;
    })();
    const request = get(server.origin, { method: "PUT", body, headers: { "content-length": "10" } });
    expect(await failureOf(transport.send(request, new Recording()))).toBe(reason);
    await transport.close();
  });
});
