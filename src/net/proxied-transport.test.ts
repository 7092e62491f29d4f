import { describe, expect, test } from "vitest";
import { makeAuthority } from "../../tests/certificates.ts";
import { startProxy } from "../../tests/proxy-server.ts";
import { failureOf, get, ok, Recording, startRawServer } from "../../tests/raw-server.ts";
import { startTlsServer } from "../../tests/tls-server.ts";
import { chooseProxy, type OpenTransportOptions, openTransport, parseProxy } from "./index.ts";

const authority = makeAuthority();
const certificates = async () => [authority.cert];
const identity = authority.issue(["s3.example.test", "proxy.example.test", "127.0.0.1"]);
const password = "pwcanary";

const proxied = (url: string) => ({
  proxy: chooseProxy({ https: parseProxy(url, "HTTPS_PROXY"), http: parseProxy(url, "HTTP_PROXY") }),
});

describe.each(["many", "few"] as const)("the transport for %s requests, by way of a proxy", (workload) => {
  const open = (options: OpenTransportOptions) => openTransport({ workload, certificates, ...options });

  test.each(["http", "https"] as const)(
    "of %s reaches an https origin, many requests over few connections",
    async (scheme) => {
      await using origin = await startTlsServer(identity, (incoming, outgoing) => {
        outgoing.setHeader("content-length", "10");
        incoming.resume().on("end", () => outgoing.end(incoming.method === "HEAD" ? undefined : "0123456789"));
      });
      await using proxy = await startProxy({
        portOf: () => origin.port,
        authorization: `Basic ${Buffer.from(`u:${password}`).toString("base64")}`,
        certificate: scheme === "https" ? identity : undefined,
      });
      const transport = open({ concurrency: 4, ...proxied(`${scheme}://u:${password}@127.0.0.1:${proxy.port}`) });
      const all = Array.from({ length: 60 }, async (_, n) => {
        const sink = new Recording();
        const method = (["GET", "HEAD", "PUT"] as const)[n % 3] ?? "GET";
        const body = method === "PUT" ? Buffer.alloc(100_000) : undefined;
        await transport.send(get("https://s3.example.test", { method, body, path: `/b/k${n}?x=1` }), sink);
        expect(sink.body).toBe(method === "HEAD" ? "" : "0123456789");
      });
      await Promise.all(all);
      expect(origin.connections).toBeLessThanOrEqual(4);
      expect(proxy.requests.length).toBe(origin.connections);
      expect(new Set(proxy.requests)).toEqual(new Set(["CONNECT s3.example.test:443"]));
      expect(origin.requests[0]?.url).toMatch(/^\/b\/k\d+\?x=1$/);
      expect(origin.requests[0]?.headers.host).toBe("s3.example.test");
      expect(origin.requests.some(({ headers }) => "proxy-authorization" in headers)).toBe(false);
      await transport.close();
      await expect.poll(() => origin.open).toBe(0);
    },
  );

  test.each(["http", "https"] as const)("of %s asks for an http origin by its whole URL", async (scheme) => {
    await using origin = await startRawServer((socket) => socket.write(ok));
    await using proxy = await startProxy({
      portOf: () => Number(new URL(origin.origin).port),
      authorization: `Basic ${Buffer.from(`u:${password}`).toString("base64")}`,
      certificate: scheme === "https" ? identity : undefined,
    });
    const transport = open({ concurrency: 2, ...proxied(`${scheme}://u:${password}@127.0.0.1:${proxy.port}`) });
    for (let n = 0; n < 5; n++) {
      const sink = new Recording();
      await transport.send(get("http://minio.example.test:9000", { path: `/b/a%2Fb?x=${n}` }), sink);
      expect(sink.body).toBe("0123456789");
    }
    expect(proxy.requests[0]).toBe("GET http://minio.example.test:9000/b/a%2Fb?x=0");
    expect(proxy.headers[0]?.host).toBe("minio.example.test:9000");
    expect(proxy.connections).toBeLessThanOrEqual(2);
    expect(origin.received.join("").toLowerCase()).not.toContain("proxy-authorization");
    await transport.close();
  });

  test.each([
    ["", "misconfigured", "user:password@"],
    [`u:${password}@`, "unauthenticated", "Correct"],
  ])("a 407 says what is wrong with %s", async (userinfo, code, hint) => {
    await using proxy = await startProxy({ portOf: () => 1, authorization: "Basic other" });
    const transport = open(proxied(`http://${userinfo}127.0.0.1:${proxy.port}`));
    for (const [origin, source] of [
      ["https://s3.example.test", "HTTPS_PROXY"],
      ["http://s3.example.test", "HTTP_PROXY"],
    ] as const) {
      const error = await failureOf(transport.send(get(origin), new Recording()));
      expect(error).toMatchObject({ code, hint: expect.stringContaining(hint), retryable: false });
      expect(error).toMatchObject({ hint: expect.stringContaining(source), message: expect.stringContaining("407") });
      expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(password);
    }
    await transport.close();
  });

  test.each([
    ["HTTP/1.1 502 Bad Gateway\r\n\r\n<html>", "unreachable", true],
    ["HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "unreachable", true],
    ["HTTP/1.1 403 Forbidden\r\n\r\n", "forbidden", false],
    ["HTTP/1.1 302 Found\r\nLocation: http://portal.example/login?token=x\r\n\r\n", "protocol", false],
    ["<html>Sign in</html>", "protocol", false],
    ["HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Sign in</html>", "protocol", false],
    ["HTTP/1.1 200 OK\r\n", "protocol", false],
  ])("an answer of %j to CONNECT is typed, and names the proxy", async (answer, code, retryable) => {
    await using proxy = await startProxy({ portOf: () => 1, answer });
    const transport = open(proxied(`http://127.0.0.1:${proxy.port}`));
    const error = await failureOf(transport.send(get("https://s3.example.test"), new Recording()));
    expect(error).toMatchObject({ code, retryable, message: expect.stringContaining("the proxy http://127.0.0.1") });
    expect(error).toMatchObject({ message: expect.stringContaining("https://s3.example.test") });
    await transport.close();
  });

  test.each(["https://s3.example.test", "http://s3.example.test"])(
    "one that is down is unreachable, for %s",
    async (origin) => {
      const closed = await startProxy({ portOf: () => 1 });
      await closed[Symbol.asyncDispose]();
      const transport = open(proxied(`http://127.0.0.1:${closed.port}`));
      const error = await failureOf(transport.send(get(origin), new Recording()));
      expect(error).toMatchObject({
        code: "unreachable",
        retryable: true,
        message: expect.stringMatching(/no connection to the proxy http:.*ECONNREFUSED/),
        hint: expect.stringMatching(/HTTPS?_PROXY.*NO_PROXY/),
      });
      await transport.close();
    },
  );

  test("one that is silent has the time of a connection, and its own words", async () => {
    await using proxy = await startProxy({ portOf: () => 1, answer: "" });
    const transport = open({ ...proxied(`http://127.0.0.1:${proxy.port}`), timeouts: { connectMs: 100 } });
    const error = await failureOf(transport.send(get("https://s3.example.test"), new Recording()));
    expect(error).toMatchObject({ code: "timeout", message: expect.stringContaining("the proxy http://127.0.0.1") });
    await transport.close();
  });

  test("an abort while the way is made leaves no connection behind", async () => {
    await using proxy = await startProxy({ portOf: () => 1, answer: "" });
    const transport = open({
      ...proxied(`http://127.0.0.1:${proxy.port}`),
      timeouts: { connectMs: 60_000 },
      concurrency: 1,
    });
    const controller = new AbortController();
    const { signal } = controller;
    const sent = transport.send(get("https://s3.example.test", { signal }), new Recording());
    const queued = transport.send(get("https://s3.example.test", { signal }), new Recording());
    await expect.poll(() => proxy.requests.length).toBe(1);
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await failureOf(sent)).toBe(reason);
    expect(await failureOf(queued)).toBe(reason);
    await expect.poll(() => proxy.open).toBe(0);
    await transport.close();
  });

  test("a TLS peer behind it that nobody trusts is the origin's fault, not the proxy's", async () => {
    await using origin = await startTlsServer(makeAuthority("other").issue(["s3.example.test"]), () => undefined);
    await using proxy = await startProxy({ portOf: () => origin.port });
    const transport = open(proxied(`http://127.0.0.1:${proxy.port}`));
    const error = await failureOf(transport.send(get("https://s3.example.test"), new Recording()));
    expect(error).toMatchObject({
      code: "unreachable",
      retryable: false,
      message: expect.stringContaining("no TLS connection to https://s3.example.test"),
      hint: expect.stringContaining("AWS_CA_BUNDLE"),
    });
    await transport.close();
  });
});
