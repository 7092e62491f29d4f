import { describe, expect, test } from "vitest";
import { chunked, failureOf, get, ok, Recording, startRawServer } from "../../tests/raw-server.ts";
import { isEntrepotError } from "../error/index.ts";
import { openTransport } from "./index.ts";

describe.each(["many", "few"] as const)("the transport for %s requests", (workload) => {
  const open = (options = {}) => openTransport({ workload, ...options });

  test.each([
    ["a length", ok],
    ["chunks", chunked],
    ["neither, ended by its connection", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789"],
  ])("delivers a body of %s", async (_name, answer) => {
    await using server = await startRawServer((socket) => {
      socket.write(answer);
      if (answer.includes("close")) socket.end();
    });
    const transport = open();
    const sink = new Recording();
    await transport.send(get(server.origin), sink);
    expect(sink.statuses).toEqual([200]);
    expect(sink.body).toBe("0123456789");
    await transport.close();
  });

  test.each([
    ["length", ok],
    ["chunks", chunked],
  ])("never takes a body with %s that was cut at any byte for a whole one", async (_name, answer) => {
    const bodyAt = answer.indexOf("\r\n\r\n") + 4;
    for (let cut = 1; cut < answer.length; cut += cut < bodyAt - 4 ? 7 : 1) {
      for (const how of ["end", "reset"] as const) {
        await using server = await startRawServer((socket) => {
          socket.write(answer.slice(0, cut), () => (how === "end" ? socket.end() : socket.resetAndDestroy()));
        });
        const transport = open();
        const error = await failureOf(transport.send(get(server.origin), new Recording()));
        const expected = cut < bodyAt ? ["unreachable", "truncated", "protocol"] : ["truncated"];
        if (!isEntrepotError(error)) throw error;
        // A reset may overtake the bytes before it.
        if (how === "end") expect(expected, `${how} after ${cut}: ${error.message}`).toContain(error.code);
        else expect(["unreachable", "truncated"], `${how} after ${cut}`).toContain(error.code);
        await transport.close();
      }
    }
  });

  test("the bounds of a request go before those of the transport", async () => {
    await using server = await startRawServer(() => undefined);
    const transport = open();
    const request = get(server.origin, { timeouts: { firstByteMs: 50 } });
    expect(await failureOf(transport.send(request, new Recording()))).toMatchObject({ code: "timeout" });
    await transport.close();
  });

  test("the end of an answer waits for the sink's last promise", async () => {
    await using server = await startRawServer((socket) => socket.write(ok));
    const transport = open();
    const reason = new Error("the disk is full");
    const sink = { head() {}, data: () => Promise.resolve().then(() => Promise.reject(reason)) };
    expect(await failureOf(transport.send(get(server.origin), sink))).toBe(reason);
    await transport.close();
  });

  test.each(["head", "data"] as const)("what the sink throws in %s ends the request", async (where) => {
    await using server = await startRawServer((socket) => socket.write(ok));
    const transport = open();
    const reason = new Error("no");
    const sink = new Recording();
    sink[where] = () => {
      throw reason;
    };
    expect(await failureOf(transport.send(get(server.origin), sink))).toBe(reason);
    await transport.close();
  });

  test("an abort rejects with its reason before, while waiting and in the body, and frees the connection", async () => {
    let answers = "";
    await using server = await startRawServer((socket) => socket.write(answers));
    const transport = open({ concurrency: 1 });
    const reason = new Error("enough");
    const aborted = get(server.origin, { signal: AbortSignal.abort(reason) });
    expect(await failureOf(transport.send(aborted, new Recording()))).toBe(reason);
    expect(server.received).toEqual([]);
    for (const before of ["", ok.slice(0, -5)]) {
      answers = before;
      const controller = new AbortController();
      const sink = new Recording();
      const sent = transport.send(get(server.origin, { signal: controller.signal }), sink);
      const queued = transport.send(get(server.origin, { signal: controller.signal }), new Recording());
      // The server has the request now.
      await expect.poll(() => server.received.join("")).toContain("GET");
      if (before !== "") await expect.poll(() => sink.body).not.toBe("");
      controller.abort(reason);
      expect(await failureOf(sent)).toBe(reason);
      expect(await failureOf(queued)).toBe(reason);
    }
    answers = ok;
    const sink = new Recording();
    await transport.send(get(server.origin), sink);
    expect(sink.body).toBe("0123456789");
    await transport.close();
  });

  test("a thousand requests under one signal warn of nothing and leave no listener", async () => {
    await using server = await startRawServer((socket) => socket.write(ok));
    const transport = open({ concurrency: 8 });
    const warnings: string[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning.name);
    process.on("warning", onWarning);
    const { signal } = new AbortController();
    const requests = Array.from({ length: 200 }, () => transport.send(get(server.origin, { signal }), new Recording()));
    await Promise.all(requests);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
    expect(server.sockets.length).toBeLessThanOrEqual(8);
    await transport.close();
  });

  test("HEAD and GET after each other use one connection", async () => {
    await using server = await startRawServer((socket, request) =>
      socket.write(request.startsWith("HEAD") ? ok.slice(0, -10) : ok),
    );
    const transport = open({ concurrency: 1 });
    for (const method of ["HEAD", "HEAD", "GET", "HEAD", "GET"] as const) {
      const sink = new Recording();
      await transport.send(get(server.origin, { method }), sink);
      expect(sink.headers["content-length"]).toBe("10");
      expect(sink.body).toBe(method === "GET" ? "0123456789" : "");
    }
    expect(server.sockets).toHaveLength(1);
    await transport.close();
  });

  test("path and headers go out as they are given", async () => {
    await using server = await startRawServer((socket) => socket.write(ok));
    const transport = open();
    const path = "/b/a/../b//./%2e%2E/c?x=%2F&y";
    await transport.send(get(server.origin, { path, headers: { "x-one": "a  b" } }), new Recording());
    const text = server.received.join("");
    expect(text).toContain(`GET ${path} HTTP/1.1\r\n`);
    expect(text.toLowerCase()).toContain("x-one: a  b\r\n");
    expect(text.toLowerCase()).toContain(`host: ${server.origin.slice(7)}\r\n`);
    await transport.close();
  });

  test("answers of 1xx are not shown", async () => {
    await using server = await startRawServer((socket) =>
      socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${ok}`),
    );
    const transport = open();
    const sink = new Recording();
    await transport.send(get(server.origin), sink);
    expect(sink.statuses).toEqual([200]);
    await transport.close();
  });

  test("a repeated header is joined, and none can reach the prototype", async () => {
    await using server = await startRawServer((socket) =>
      socket.write(ok.replace("\r\n\r\n", "\r\nX-A: 1\r\nX-A: 2\r\n__proto__: x\r\nconstructor: y\r\n\r\n")),
    );
    const transport = open();
    const sink = new Recording();
    await transport.send(get(server.origin), sink);
    expect(sink.headers["x-a"]).toBe("1, 2");
    expect(Object.getPrototypeOf({}).x).toBeUndefined();
    await transport.close();
  });

  test("a head beyond the limit, and what is no HTTP, is a protocol error", async () => {
    for (const answer of [`HTTP/1.1 200 OK\r\nx-long: ${"a".repeat(100_000)}\r\n\r\n`, "SSH-2.0-OpenSSH_9.2\r\n\r\n"]) {
      await using server = await startRawServer((socket) => socket.write(answer));
      const transport = open();
      expect(await failureOf(transport.send(get(server.origin), new Recording()))).toMatchObject({ code: "protocol" });
      await transport.close();
    }
  });

  test.each([
    ["two lengths that differ", "Content-Length: 4\r\nContent-Length: 16\r\n\r\n0123456789abcdef"],
    ["a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
    ["a length below nothing", "Content-Length: -4\r\n\r\n0123"],
  ])("an answer whose end is contradicted is a protocol error: %s", async (_name, rest) => {
    await using server = await startRawServer((socket) => socket.write(`HTTP/1.1 200 OK\r\n${rest}`));
    const transport = open();
    expect(await failureOf(transport.send(get(server.origin), new Recording()))).toMatchObject({ code: "protocol" });
    await transport.close();
  });

  test("a refused connection, an unknown host and a wrong TLS peer are unreachable, by name", async () => {
    const transport = open();
    const closed = await startRawServer(() => undefined);
    await closed[Symbol.asyncDispose]();
    const refused = await failureOf(transport.send(get(closed.origin), new Recording()));
    expect(refused).toMatchObject({ code: "unreachable", retryable: true });
    expect((refused as Error).message).toContain("ECONNREFUSED");
    const unknown = await failureOf(transport.send(get("http://no-such-host.invalid"), new Recording()));
    expect(unknown).toMatchObject({ code: "unreachable" });
    expect((unknown as Error).message).toMatch(/ENOTFOUND|EAI_AGAIN/);
    await using plain = await startRawServer(() => undefined);
    const tls = await failureOf(
      transport.send(get(plain.origin.replace("http:", "https:"), { timeouts: { connectMs: 300 } }), new Recording()),
    );
    expect(["unreachable", "timeout"]).toContain((tls as { code: string }).code);
    await transport.close();
  });

  test("a closed transport sends nothing", async () => {
    await using server = await startRawServer((socket) => socket.write(ok));
    const transport = open();
    await transport.send(get(server.origin), new Recording());
    await transport.close();
    expect(await failureOf(transport.send(get(server.origin), new Recording()))).toMatchObject({ code: "unreachable" });
  });
});
