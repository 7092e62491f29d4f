/** The ways to address a bucket, over a socket, with hosts as they come: in the path, in the host, by a name of one's own. */
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MemoryStorage, type RunningS3Server, startServer } from "../../src/server/index.ts";

let server: RunningS3Server;
beforeAll(async () => {
  const buckets = ["photos", "my.photos", "www.example.org", "www.example.net"];
  const settings = { storage: new MemoryStorage(), credentials: [], buckets, anonymous: true };
  server = await startServer({ ...settings, domains: ["localhost", "s3.test"], customDomains: ["www.example.org"] });
  for (const bucket of buckets) {
    for (const key of ["k", `${bucket}/k`]) {
      await fetch(`${server.endpoint}/${bucket}/${key}`, { method: "PUT", body: `${key} of ${bucket}` });
    }
  }
});
afterAll(() => server.close());

/** Status and body. */
async function get(path: string, host: string | undefined, version = "1.1"): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString();
  });
  socket.end(
    `GET ${path} HTTP/${version}\r\n${host === undefined ? "" : `host: ${host}\r\n`}connection: close\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once("close", resolve));
  const code = /<Code>(\w+)/.exec(received)?.[1];
  return `${received.slice(9, 12)} ${code ?? received.split("\r\n\r\n")[1]}`;
}

test.each<[string, string, string | undefined, string]>([
  ["in the path", "/photos/k", "127.0.0.1", "200 k of photos"],
  ["in the path, at a name of the server", "/photos/k", "localhost:9000", "200 k of photos"],
  ["in the path, at a name that is nobody's", "/photos/k", "example.com", "200 k of photos"],
  ["in the host", "/k", "photos.localhost", "200 k of photos"],
  ["in the host, in capitals", "/k", "PHOTOS.LocalHost:80", "200 k of photos"],
  ["in the host, with another port", "/k", "photos.localhost:1", "200 k of photos"],
  ["in the host, with dots", "/k", "my.photos.localhost", "200 k of my.photos"],
  ["in the host, under another name of the server", "/k", "photos.s3.test", "200 k of photos"],
  ["in the host, and a key that begins with its name", "/photos/k", "photos.localhost", "200 photos/k of photos"],
  ["in the host, at the endpoint of a region", "/k", "photos.s3.eu-west-1.localhost", "200 k of photos"],
  ["by a name of its own that the server knows", "/k", "www.example.org", "200 k of www.example.org"],
  ["by a name of its own that the server does not know", "/k", "www.example.net", "404 NoSuchBucket"],
  [
    "by a name of its own, and in the path",
    "/www.example.org/k",
    "www.example.org",
    "200 www.example.org/k of www.example.org",
  ],
  ["as a whole line", "http://photos.localhost/k", "photos.localhost", "200 k of photos"],
  ["in the host, where there is no such bucket", "/k", "none.localhost", "404 NoSuchBucket"],
])("%s", async (_way, path, host, expected) => {
  expect(await get(path, host)).toBe(expected);
});

test("without a host a request of HTTP/1.1 is none, one of HTTP/1.0 has its bucket in the path", async () => {
  expect(await get("/photos/k", undefined)).toMatch(/^400/);
  expect(await get("/photos/k", undefined, "1.0")).toBe("200 k of photos");
});
