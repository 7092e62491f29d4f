/** How machines are reached: proxies, certificates, redirects and idle connections, from the options and the environment down. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { fileURLToPath } from "node:url";
import { type Depot, type EntrepotOptions, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeAuthority } from "../certificates.ts";
import { startProxy, type TestProxy } from "../proxy-server.ts";
import { startRawServer } from "../raw-server.ts";

const authority = makeAuthority();
const password = "pwcanary";
const authorization = `Basic ${Buffer.from(`u:${password}`).toString("base64")}`;
const named = (code: string, ...words: readonly string[]) =>
  expect.objectContaining({
    code,
    message: words.length === 0 ? expect.any(String) : expect.stringMatching(new RegExp(words.join(".*"), "s")),
  });

const root = fileURLToPath(new URL("../../", import.meta.url));
let folder: string;
let s3: S3Server;
let proxy: TestProxy;
let tls: { readonly port: number; close(): void };
let caFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-network-"));
  caFile = join(folder, "ca.pem");
  await writeFile(caFile, authority.cert);
  s3 = await startS3Server({ buckets: ["b"] });
  const s3Port = Number(new URL(s3.endpoint).port);
  tls = await startTlsFront(s3Port);
  proxy = await startProxy({ portOf: (target) => (target.endsWith(":443") ? tls.port : s3Port), authorization });
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  tls.close();
  await s3.close();
  await rm(folder, { recursive: true });
});

/** The S3 server behind TLS. */
async function startTlsFront(port: number) {
  const server = createTlsServer(authority.issue(["s3.example.test"]), (socket) => {
    const inner = connect(port, "127.0.0.1");
    socket.on("error", () => inner.destroy()).on("close", () => inner.destroy());
    inner.on("error", () => socket.destroy());
    socket.pipe(inner).pipe(socket);
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

const base = () => ({ ...s3.options, envFile: false, cache: false, retries: { attempts: 1 } }) as const;
const open = (options: EntrepotOptions): Depot =>
  entrepot({ ...base(), env: {}, ...options } as EntrepotOptions) as Depot;
const proxyUrl = () => `http://u:${password}@127.0.0.1:${proxy.port}`;
const secure = "https://s3.example.test";
const plain = { endpoint: "http://minio.example.test:9000", allowInsecureEndpoint: true };

describe("a proxy", () => {
  let asked: number;
  beforeEach(() => {
    asked = proxy.requests.length;
  });

  test("of the environment leads to https, with the certificates of AWS_CA_BUNDLE", async () => {
    const events: unknown[] = [];
    const env = { HTTPS_PROXY: proxyUrl(), AWS_CA_BUNDLE: caFile };
    await using data = open({ env, endpoint: secure, onEvent: (event) => events.push(event) });
    await data.writeText("s3://b/secure", "text");
    expect(await data.readText("s3://b/secure")).toBe("text");
    expect(proxy.requests.slice(asked)).toContain("CONNECT s3.example.test:443");
    expect(JSON.stringify(events)).not.toContain(password);
    expect(s3.requests.some(({ headers }) => "proxy-authorization" in headers)).toBe(false);
  });

  test.each([{ HTTP_PROXY: true }, { http_proxy: true }, { ALL_PROXY: true }, { all_proxy: true }])(
    "of %j is asked for http by whole URLs",
    async (names) => {
      const env = Object.fromEntries(Object.keys(names).map((name) => [name, proxyUrl()]));
      await using data = open({ env, ...plain });
      await data.writeText("s3://b/plain", "text");
      expect(await data.readText("s3://b/plain")).toBe("text");
      expect(proxy.requests[asked]).toBe("PUT http://minio.example.test:9000/b/plain");
    },
  );

  test("of the option stands before the environment, for derived depots, too", async () => {
    const env = { http_proxy: "http://127.0.0.1:1", HTTP_PROXY: "http://127.0.0.1:1" };
    await using data = open({ env, ...plain, proxy: proxyUrl() });
    await data.writeText("s3://b/option", "text");
    await using direct = open({ env, ...plain });
    expect(await direct.with({ proxy: proxyUrl() }).readText("s3://b/option")).toBe("text");
    await expect(direct.readText("s3://b/option")).rejects.toEqual(
      named("unreachable", "the proxy http://127.0.0.1:1 \\(http_proxy\\)"),
    );
  });

  test("is not asked for this machine, for NO_PROXY, or with proxy: false", async () => {
    const env = { HTTP_PROXY: proxyUrl(), NO_PROXY: "example.test" };
    await using local = open({ env });
    await local.writeText("s3://b/local", "text");
    await using except = open({ env, ...plain });
    await expect(except.readText("s3://b/local")).rejects.toEqual(named("unreachable", "minio.example.test"));
    await using never = open({ env: { HTTP_PROXY: proxyUrl() }, ...plain, proxy: false });
    await expect(never.readText("s3://b/local")).rejects.toEqual(named("unreachable", "minio.example.test"));
    expect(proxy.requests).toHaveLength(asked);
  });

  test("that wants another password, or is none of ours, is named by its variable and never with the password", async () => {
    const wrong = `http://u:${password}x@127.0.0.1:${proxy.port}`;
    await using data = open({ env: { HTTPS_PROXY: wrong }, endpoint: secure });
    const error = await data.readText("s3://b/k").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "unauthenticated", hint: expect.stringContaining("HTTPS_PROXY") });
    expect(JSON.stringify(error) + (error as Error).stack).not.toContain(password);
    for (const options of [{ env: { ALL_PROXY: "socks5://127.0.0.1:1080" } }, { proxy: "socks5://127.0.0.1:1080" }])
      expect(() => open(options)).toThrow(named("misconfigured", "socks5"));
    expect(() => open({ proxy: true as never })).toThrow(TypeError);
  });

  test("that answers with a sign-in page gives no data", async () => {
    const page = "<html>Sign in</html>";
    await using portal = await startRawServer((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${page}`),
    );
    await using data = open({ ...plain, proxy: portal.origin });
    await expect(data.readText("s3://b/k")).rejects.toEqual(named("protocol", "web page"));
    await expect(data.list("s3://b/")[Symbol.asyncIterator]().next()).rejects.toEqual(named("protocol"));
    await expect(data.stat("s3://b/k")).rejects.toEqual(named("protocol"));
    await expect(data.writeText("s3://b/k", "x")).rejects.toEqual(named("protocol"));
  });
});

describe("certificates", () => {
  const viaProxy = () => ({ endpoint: secure, proxy: proxyUrl() });

  test("of the option and of the profile are trusted, and without them the server is not", async () => {
    await using untrusted = open(viaProxy());
    await expect(untrusted.exists("s3://b/none")).rejects.toMatchObject({
      code: "unreachable",
      hint: expect.stringContaining("AWS_CA_BUNDLE"),
    });
    await using byOption = open({ ...viaProxy(), caFile });
    expect(await byOption.exists("s3://b/none")).toBe(false);
    const config = join(folder, "config");
    await writeFile(
      config,
      `[profile corp]\nca_bundle = ${caFile}\naws_access_key_id = test\naws_secret_access_key = test\n`,
    );
    const { credentials: _, ...rest } = base();
    const env = { AWS_CONFIG_FILE: config };
    await using byProfile = entrepot({ ...rest, ...viaProxy(), env, profile: "corp" });
    expect(await byProfile.exists("s3://b/none")).toBe(false);
  });

  test.each([
    ["missing.pem", undefined, "missing.pem"],
    ["empty.pem", "", "no certificate"],
    ["key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no certificate"],
    ["broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "broken"],
  ])("in %s are misconfigured, with file and variable", async (name, text, words) => {
    const path = join(folder, name);
    if (text !== undefined) await writeFile(path, text);
    await using data = open({ env: { AWS_CA_BUNDLE: path } });
    await expect(data.readText("s3://b/k")).rejects.toEqual(named("misconfigured", "AWS_CA_BUNDLE", name));
    await expect(data.readText("s3://b/k")).rejects.toEqual(named("misconfigured", words));
    await writeFile(path, authority.cert);
    await expect(data.readText("s3://b/k")).rejects.toEqual(named("not-found"));
  });
});

describe("dual-stack and FIPS", () => {
  test("with an endpoint of one's own are misconfigured, whoever says it", async () => {
    for (const more of [{ dualStack: true }, { fips: true }, { env: { AWS_USE_FIPS_ENDPOINT: "true" } }]) {
      await using data = open(more);
      await expect(data.readText("s3://b/k")).rejects.toEqual(named("misconfigured"));
    }
    await using off = open({ env: { AWS_USE_DUALSTACK_ENDPOINT: "true" }, dualStack: false });
    await expect(off.readText("s3://b/k")).rejects.toEqual(named("not-found"));
  });
});

describe("a web address", () => {
  test("that is presigned for GET alone can be asked for its size, and read in part", async () => {
    await using data = open({});
    await data.writeText("s3://b/signed", "0123456789");
    const url = await data.presign("s3://b/signed");
    s3.clearRequests();
    expect(await data.stat(url)).toMatchObject({ sizeBytes: 10 });
    expect(await data.readRange(url, { start: 2, end: 5 })).toEqual(new TextEncoder().encode("234"));
    expect(await data.readText(url)).toBe("0123456789");
    expect(s3.requests.map(({ method, status }) => `${method} ${status}`).slice(0, 2)).toEqual(["HEAD 403", "GET 206"]);
  });

  test("that leads to another server is not followed, unless that is allowed; to the same one it is", async () => {
    const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    await using other = await startRawServer((socket) => socket.write(ok));
    await using server = await startRawServer((socket, request) => {
      const location = request.includes("/away") ? `${other.origin}/there?sig=canary` : "/here";
      socket.write(
        request.includes("/here") ? ok : `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`,
      );
    });
    await using data = open({});
    expect(await data.readText(`${server.origin}/near`)).toBe("hi");
    const error = await data.readText(`${server.origin}/away?sig=canary`).catch((reason: unknown) => reason);
    expect(error).toEqual(named("misconfigured", `${other.origin}/there`));
    expect(JSON.stringify(error) + (error as Error).stack).not.toContain("canary");
    expect(other.sockets).toHaveLength(0);
    expect(await data.with({ redirects: "any" }).readText(`${server.origin}/away`)).toBe("hi");
    await using byEnvironment = open({ env: { ENTREPOT_REDIRECTS: "any" } });
    expect(await byEnvironment.readText(`${server.origin}/away`)).toBe("hi");
  });
});

test("a process ends by itself after its last call, without close()", async () => {
  const program = `
    import { entrepot } from "entrepot";
    const data = entrepot(${JSON.stringify({ ...s3.options, envFile: false, cache: false })});
    await Promise.all(Array.from({ length: 10 }, (_, n) => data.writeText("s3://b/exit-" + n, "x")));
    const signal = new AbortController().signal;
    await data.readText("s3://b/exit-1", { signal });
    await data.readText("s3://b/none").catch(() => undefined);
    process.stdout.write(String(Date.now()));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd: root });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  let complained = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complained += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  expect([code, complained]).toEqual([0, ""]);
  // an idle connection would hold it for four seconds
  expect(Date.now() - Number(said)).toBeLessThan(2_500);
});

test("connections that the server closes after each answer fail nothing, with a single try", async () => {
  const answered = new WeakSet<object>();
  const object =
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: "a"\r\nLast-Modified: Tue, 02 Jan 2024 03:04:05 GMT\r\n\r\nhi';
  const written = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: "a"\r\n\r\n';
  await using server = await startRawServer((socket, request) => {
    // without a word, as a server that counts an idle connection out while the next request is on its way
    if (answered.has(socket)) socket.destroy();
    else socket.write(request.startsWith("PUT") ? written : object);
    answered.add(socket);
  });
  await using data = open({ endpoint: server.origin, concurrency: 2 });
  for (let n = 0; n < 20; n++) {
    expect(await data.readText("s3://b/k")).toBe("hi");
    await data.writeText("s3://b/k", "hi");
  }
  expect(server.sockets.length).toBeGreaterThan(15);
});
