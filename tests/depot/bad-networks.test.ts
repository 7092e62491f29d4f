/** With a copy at hand, whatever a bad network answers gives the copy or a typed error, soon; and never its own pages. */
import { createRequire } from "node:module";
import { type Depot, type DepotEvent, type EntrepotOptions, entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { startProxy } from "../proxy-server.ts";
import { startRawServer } from "../raw-server.ts";
import { openS3 } from "./backends.ts";

const names = createRequire(import.meta.url)("node:dns") as { lookup: (...given: unknown[]) => void };
const page = "<html>Sign in</html>";
const answer = (head: string) =>
  `HTTP/1.1 ${head}\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${page}`;

/** A depot that has pinned a folder by way of a good proxy, and what it hears from then on. */
async function pinned(): Promise<{ readonly data: Depot; readonly events: DepotEvent[] }> {
  const s3 = await startS3Server({ buckets: ["b"] });
  const proxy = await startProxy({ portOf: () => Number(new URL(s3.endpoint).port) });
  const bench = await openS3(true);
  const events: DepotEvent[] = [];
  const options: EntrepotOptions = {
    ...s3.options,
    ...{ endpoint: "http://minio.example.test:9000", allowInsecureEndpoint: true },
    cache: { dir: `${bench.folder}/behind-proxies` },
    proxy: `http://127.0.0.1:${proxy.port}`,
    onEvent: (event) => events.push(event),
    env: {},
    envFile: false,
  };
  const data = entrepot(options) as Depot;
  onTestFinished(async () => {
    await data.close();
    await proxy[Symbol.asyncDispose]();
    await s3.close();
    await bench.close();
  });
  await data.writeText("s3://b/f/k", "copy");
  await data.cache.pin("s3://b/f/");
  events.length = 0;
  return { data, events };
}

const soon = async <T>(work: () => Promise<T>): Promise<T> => {
  const started = performance.now();
  try {
    return await work();
  } finally {
    expect(performance.now() - started).toBeLessThan(2_000);
  }
};

test.each([
  ["a proxy that finds no way to the server", answer("502 Bad Gateway")],
  ["one that waited in vain", answer("504 Gateway Timeout")],
])("%s gives the copy, what was pinned, and a note of its age", async (_name, bytes) => {
  const { data, events } = await pinned();
  await using gateway = await startRawServer((socket) => socket.write(bytes));
  const behind = data.with({ proxy: gateway.origin });
  expect(await soon(() => behind.readText("s3://b/f/k"))).toBe("copy");
  expect(await soon(() => behind.list("s3://b/f/").uris())).toEqual(["s3://b/f/k"]);
  expect(await soon(() => behind.exists("s3://b/f/none"))).toBe(false);
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["unreachable", "stale"]));
});

test("a proxy that is not there gives the copy", async () => {
  const { data } = await pinned();
  const behind = data.with({ proxy: "http://127.0.0.1:9" });
  expect(await soon(() => behind.readText("s3://b/f/k"))).toBe("copy");
  expect(await soon(() => behind.list("s3://b/f/").uris())).toEqual(["s3://b/f/k"]);
});

test.each([
  ["that is given at once", answer("200 OK")],
  [
    "that the network leads to",
    "HTTP/1.1 302 Found\r\nLocation: http://portal.example/login\r\nContent-Length: 0\r\n\r\n",
  ],
])("a sign-in page %s is an error of its own, and never the object or a listing", async (_name, bytes) => {
  const { data } = await pinned();
  await using portal = await startRawServer((socket) => socket.write(bytes));
  const behind = data.with({ proxy: portal.origin });
  const typed = { name: "EntrepotError", code: expect.stringMatching(/^(protocol|misconfigured)$/) };
  await expect(soon(() => behind.readText("s3://b/f/k"))).rejects.toMatchObject(typed);
  await expect(soon(() => behind.list("s3://b/f/").toArray())).rejects.toMatchObject(typed);
  await expect(soon(() => behind.exists("s3://b/f/k"))).rejects.toMatchObject(typed);
  expect(await data.with({ network: "offline" }).readText("s3://b/f/k")).toBe("copy");
});

test("names that nobody can look up give the copy", async () => {
  const { data } = await pinned();
  vi.spyOn(names, "lookup").mockImplementation((...given) => {
    const error = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND", syscall: "getaddrinfo" });
    queueMicrotask(() => (given.at(-1) as (error: Error) => void)(error));
  });
  const direct = data.with({ proxy: false });
  expect(await soon(() => direct.readText("s3://b/f/k"))).toBe("copy");
  expect(await soon(() => direct.list("s3://b/f/").uris())).toEqual(["s3://b/f/k"]);
});

test("credentials that are missing are said, soon; offline nobody asks for them", async () => {
  const { data } = await pinned();
  const { dir } = data.cache;
  const anybody = entrepot({
    ...{ endpoint: "http://minio.example.test:9000", allowInsecureEndpoint: true, region: "us-east-1" },
    cache: { dir },
    env: { AWS_EC2_METADATA_DISABLED: "true" },
    envFile: false,
  });
  await expect(soon(() => anybody.readText("s3://b/f/k"))).rejects.toMatchObject({ code: "unauthenticated" });
  expect(await anybody.with({ network: "offline" }).readText("s3://b/f/k")).toBe("copy");
  await anybody.close();
});
