/** Time is counted in ticks of an interval; here the test ticks, while sockets and promises take what they take. */
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { failureOf, get, ok, Recording, startRawServer } from "../../tests/raw-server.ts";
import { isEntrepotError } from "../error/index.ts";
import { openTransport } from "./index.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

const soon = { interval: 2, timeout: 10_000 };

describe.each(["many", "few"] as const)("the transport for %s requests", (workload) => {
  const open = (options = {}) => openTransport({ workload, ...options });

  test.each([
    ["nothing", "", "first byte"],
    ["half a head", "HTTP/1.1 200 OK\r\nContent-Le", "first byte"],
    ["a head and no body", ok.slice(0, ok.length - 10), "idle"],
    ["half a body", ok.slice(0, ok.length - 5), "idle"],
  ])("gives up on a server that sends %s and stalls, at the bound and not before", async (_name, answer, phase) => {
    await using server = await startRawServer((socket) => socket.write(answer));
    const transport = open({ timeouts: { firstByteMs: 100, idleMs: 100 } });
    const sink = new Recording();
    const failure = failureOf(transport.send(get(server.origin), sink));
    let failed = false;
    void failure.then(() => {
      failed = true;
    });
    await expect.poll(() => server.received.join(""), soon).toContain("\r\n\r\n");
    if (phase === "idle") await expect.poll(() => sink.statuses, soon).toEqual([200]);
    await expect.poll(() => sink.body.length, soon).toBe(answer.endsWith("01234") ? 5 : 0);
    vi.advanceTimersByTime(95);
    await nextTurn();
    expect(failed).toBe(false);
    vi.advanceTimersByTime(50);
    const error = await failure;
    if (!isEntrepotError(error, "timeout")) throw error;
    expect(error.message).toContain(phase);
    await transport.close();
  });

  test("a server that drips does not keep a request for ever, also when the sink takes its time with each piece", async () => {
    const sockets: Socket[] = [];
    await using server = await startRawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
      sockets.push(socket);
    });
    const transport = open({ timeouts: { idleMs: 200 } });
    let taken = 0;
    const busy = {
      head: () => undefined,
      data: async () => {
        await nextTurn();
        taken += 1;
      },
    };
    let ended = false;
    const failure = failureOf(transport.send(get(server.origin), busy)).finally(() => {
      ended = true;
    });
    await expect.poll(() => sockets.length, soon).toBe(1);
    for (let size = 1; size <= 10 && !ended; size++) {
      sockets[0]?.write("x");
      await expect.poll(() => ended || taken === size, soon).toBe(true);
      await nextTurn();
      vi.advanceTimersByTime(60);
      await nextTurn();
    }
    expect(ended).toBe(true);
    expect(await failure).toMatchObject({ code: "timeout" });
    await transport.close();
  });

  test("a body that goes on slowly is no stall, one that drips is", async () => {
    const sockets: Socket[] = [];
    await using server = await startRawServer((socket, request) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${request.includes("GET /drips") ? 10 : 2000}\r\n\r\n`);
      sockets.push(socket);
    });
    const transport = open({ timeouts: { idleMs: 200 } });
    const sink = new Recording();
    const sent = transport.send(get(server.origin), sink);
    await expect.poll(() => sink.statuses, soon).toEqual([200]);
    for (let size = 200; size <= 2000; size += 200) {
      sockets[0]?.write("x".repeat(200));
      await expect.poll(() => sink.body.length, soon).toBe(size);
      vi.advanceTimersByTime(150);
    }
    await sent;
    const drips = new Recording();
    const dripping = failureOf(transport.send(get(server.origin, { path: "/drips" }), drips));
    await expect.poll(() => drips.statuses, soon).toEqual([200]);
    for (let size = 1; size <= 3; size++) {
      sockets[1]?.write("x");
      await expect.poll(() => drips.body.length, soon).toBe(size);
      vi.advanceTimersByTime(60);
    }
    vi.advanceTimersByTime(120);
    expect(await dripping).toMatchObject({ code: "timeout" });
    await transport.close();
  });

  test("a sink that holds the socket back is not a stall, and gets every byte in order", async () => {
    const size = 4_000_000;
    await using server = await startRawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
      socket.write(Buffer.alloc(size, 7));
    });
    const transport = open({ timeouts: { idleMs: 50 } });
    let bytes = 0;
    let inside = 0;
    let most = 0;
    await transport.send(get(server.origin), {
      head() {},
      async data(chunk) {
        inside++;
        most = Math.max(most, inside);
        bytes += chunk.byteLength;
        await nextTurn();
        // A hundred times as long as the server may be silent.
        vi.advanceTimersByTime(5000);
        inside--;
      },
    });
    expect(bytes).toBe(size);
    expect(most).toBe(1);
    await transport.close();
  });

  test("no more connections than allowed, and waiting for one is no time-out", async () => {
    const waiting: Socket[] = [];
    await using server = await startRawServer((socket) => waiting.push(socket));
    const transport = open({ concurrency: 2, timeouts: { connectMs: 1000 } });
    const all = Array.from({ length: 6 }, () => transport.send(get(server.origin), new Recording()));
    for (let round = 0; round < 3; round++) {
      await expect.poll(() => waiting.length, soon).toBe(2);
      vi.advanceTimersByTime(5000);
      for (const socket of waiting.splice(0)) socket.write(ok);
    }
    await Promise.all(all);
    expect(server.sockets.length).toBe(2);
    await transport.close();
  });
});
