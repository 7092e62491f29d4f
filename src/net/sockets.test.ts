/** What a transport leaves behind, and what it makes of connections that were closed behind its back. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { makeAuthority } from "../../tests/certificates.ts";
import { failureOf, get, ok, Recording, startRawServer } from "../../tests/raw-server.ts";
import { startTlsServer } from "../../tests/tls-server.ts";
import { HungUp, openTransport } from "./index.ts";

const sockets = () => process.getActiveResourcesInfo().filter((name) => /TCP|TLS/.test(name)).length;

/** An http server of many answers: by path. */
async function startServer() {
  let connections = 0;
  const server = createServer((incoming, outgoing) => {
    const { method, url = "" } = incoming;
    if (url === "/early") {
      // before the body was read
      outgoing.writeHead(403, { "content-length": "2" }).end("no");
      return;
    }
    incoming.resume().on("end", () => {
      if (url === "/silent") return;
      outgoing.writeHead(url === "/missing" ? 404 : 200, { "content-length": url === "/stalls" ? "20" : "10" });
      if (method === "HEAD") outgoing.end();
      else if (url === "/stalls") outgoing.write("0123456789");
      else outgoing.end("0123456789");
    });
  });
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const count = () => new Promise<number>((resolve) => server.getConnections((_, open) => resolve(open)));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    open: count,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe.each(["many", "few"] as const)("the transport for %s requests", (workload) => {
  test("sends 200 requests of all kinds over no more connections than it may have", async () => {
    await using server = await startServer();
    const transport = openTransport({ workload, concurrency: 4 });
    const kinds = [
      { method: "GET" },
      { method: "HEAD" },
      { method: "PUT", body: Buffer.from("small") },
      { method: "DELETE" },
      { method: "PUT", body: Buffer.alloc(300_000) },
      { method: "GET", path: "/missing" },
    ] as const;
    const all = Array.from({ length: 200 }, (_, n) =>
      transport.send(get(server.origin, kinds[n % kinds.length]), new Recording()),
    );
    await Promise.all(all);
    expect(server.connections).toBeLessThanOrEqual(4);
    await transport.close();
    await expect.poll(server.open).toBe(0);
  });

  test.each([
    ["success", {}, undefined],
    ["a refusal", { path: "/missing" }, undefined],
    [
      "a final status before the body is out",
      { path: "/early", method: "PUT", body: Buffer.alloc(5_000_000) },
      undefined,
    ],
    ["an abort while it waits", { path: "/silent" }, "abort"],
    ["an abort in the body", { path: "/stalls" }, "abort"],
    ["a time-out", { path: "/silent", timeouts: { firstByteMs: 50 } }, "timeout"],
    ["a stall in the body", { path: "/stalls", timeouts: { idleMs: 50 } }, "timeout"],
    ["an error of the sink", {}, "sink"],
  ] as const)("leaves nothing open after %s", async (_name, request, ending) => {
    await using server = await startServer();
    const before = sockets();
    const transport = openTransport({ workload, concurrency: 2 });
    for (let n = 0; n < 5; n++) {
      const controller = new AbortController();
      const sink = new Recording();
      if (ending === "sink") sink.data = () => Promise.reject(new Error("full"));
      const sent = transport.send(get(server.origin, { ...request, signal: controller.signal }), sink);
      if (ending === "abort") {
        await expect.poll(server.open).toBeGreaterThan(0);
        if ("path" in request && request.path === "/stalls") await expect.poll(() => sink.body).not.toBe("");
        controller.abort(new Error("enough"));
      }
      if (ending === undefined) await sent;
      else await failureOf(sent);
      // what could not be used again is closed without waiting for the end
      await expect.poll(server.open).toBeLessThanOrEqual(2);
    }
    await transport.close();
    await expect.poll(server.open).toBe(0);
    await expect.poll(() => sockets() - before).toBeLessThanOrEqual(0);
  });

  test("says when the server hung up on a connection that had answered, and only then", async () => {
    const behaviour = { hangUp: "" };
    const heads = new Map<object, number>();
    await using server = await startRawServer((socket) => {
      const n = (heads.get(socket) ?? 0) + 1;
      heads.set(socket, n);
      if (n === 1 && behaviour.hangUp !== "at once") socket.write(ok);
      else if (behaviour.hangUp === "within the head") socket.end("HTTP/1.1 200 OK\r\nConte");
      else socket.destroy();
    });
    const send = async (transport: ReturnType<typeof openTransport>, more = {}) =>
      transport.send(get(server.origin, more), new Recording()).then(
        () => undefined,
        (error: unknown) => error,
      );
    for (const method of ["GET", "HEAD", "PUT", "DELETE"] as const) {
      const transport = openTransport({ workload, concurrency: 1 });
      behaviour.hangUp = "";
      expect(await send(transport)).toBeUndefined();
      expect(await send(transport, { method })).toBeInstanceOf(HungUp);
      await transport.close();
    }
    for (const hangUp of ["at once", "within the head"]) {
      behaviour.hangUp = hangUp;
      const transport = openTransport({ workload, concurrency: 1 });
      if (hangUp !== "at once") expect(await send(transport)).toBeUndefined();
      const error = await send(transport);
      expect(error).toMatchObject({ name: "EntrepotError" });
      expect(error).not.toBeInstanceOf(HungUp);
      await transport.close();
    }
  });

  test("says so over TLS, too", async () => {
    const authority = makeAuthority();
    const answered = new WeakSet<object>();
    await using server = await startTlsServer(authority.issue(["127.0.0.1"]), ({ socket }, outgoing) => {
      if (answered.has(socket)) socket.destroy();
      else outgoing.end("0123456789");
      answered.add(socket);
    });
    const certificates = async () => [authority.cert];
    const transport = openTransport({ workload, concurrency: 1, certificates });
    const request = get(`https://127.0.0.1:${server.port}`);
    await transport.send(request, new Recording());
    expect(await failureOf(transport.send(request, new Recording()))).toBeInstanceOf(HungUp);
    expect(server.connections).toBe(1);
    await transport.close();
  });

  test("a connection that the server closed while idle is not used again", async () => {
    await using server = await startRawServer((socket) => socket.write(ok));
    const transport = openTransport({ workload, concurrency: 1 });
    for (let n = 1; n <= 5; n++) {
      await transport.send(get(server.origin), new Recording());
      const socket = server.sockets[n - 1];
      const closed = new Promise((resolve) => socket?.once("close", resolve));
      socket?.end();
      await closed;
    }
    expect(server.sockets).toHaveLength(5);
    await transport.close();
  });
});
