/** How much memory bodies take that are longer than memory, read as a stream and copied: their buffers, whatever their length. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const totalBytes = 1024 ** 3;
const piece = Buffer.alloc(256 * 1024, 7);
let server: Server;
let folder: string;
let taken = 0;
let given = 0;

/** Holds one object of 1 GiB without having it, and takes parts without keeping them: what is measured is the client. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-"));
  server = createServer((request, response) => {
    if (request.method === "GET" || request.method === "HEAD") return give(request, response);
    request.on("data", (chunk: Buffer) => {
      if (request.method === "PUT") taken += chunk.byteLength;
    });
    request.on("end", () => {
      const isBegun = request.url?.includes("uploads") === true;
      if (request.method === "PUT") response.setHeader("etag", '"part"');
      if (request.method !== "POST") response.end();
      else if (isBegun)
        response.end("<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
      else response.end("<CompleteMultipartUploadResult><ETag>whole</ETag></CompleteMultipartUploadResult>");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  [taken, given] = [0, 0];
});

function give(request: IncomingMessage, response: ServerResponse): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const start = Number(range?.[1] ?? 0);
  const end = range?.[2] ? Number(range[2]) + 1 : totalBytes;
  response.writeHead(range === null ? 200 : 206, {
    etag: '"0123456789abcdef-9999"',
    "last-modified": new Date(0).toUTCString(),
    "content-length": end - start,
    ...(range === null ? undefined : { "content-range": `bytes ${start}-${end - 1}/${totalBytes}` }),
  });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  let at = start;
  const more = () => {
    while (at < end) {
      const chunk = piece.subarray(0, Math.min(piece.byteLength, end - at));
      at += chunk.byteLength;
      given += chunk.byteLength;
      if (!response.write(chunk)) return void response.once("drain", more);
    }
    response.end();
  };
  more();
}

const begin = `
import { readFileSync } from "node:fs";
import { entrepot } from "entrepot";
const [endpoint, folder] = process.argv.slice(1);
const settings = (profile) => ({
  endpoint, region: "us-east-1", addressing: "path", retries: { attempts: 2 },
  credentials: { accessKeyId: profile, secretAccessKey: "test" }, cache: { dir: folder + "/cache" }, env: {}, envFile: false,
});
const data = entrepot(settings("one"));
let sizeBytes = 0;
`;
const ways = {
  "is read as a stream":
    'for await (const chunk of data.readStream("s3://b/long", { cache: "bypass" })) sizeBytes += chunk.byteLength;',
  "is copied to this disk": 'sizeBytes = (await data.copy("s3://b/long", folder + "/here")).copied.sizeBytes;',
  "is streamed from one server to another":
    'sizeBytes = (await data.writeStream("s3://b/other", data.readStream("s3://b/long", { cache: "bypass" }))).sizeBytes;',
};

// The depot's own budget is 96 MiB; the rest is Node itself and garbage that it lets stand.
test.each(Object.entries(ways))("1 GiB %s within 300 MiB", { timeout: 120_000 }, async (_what, way) => {
  const { port } = server.address() as AddressInfo;
  // what getrusage says of a process begins with what the one had that began it
  const end = `await data.close();
const [, peakKiB] = /VmHWM:\\s*(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"));
console.log(JSON.stringify({ sizeBytes, rssMiB: peakKiB / 1024 }));`;
  const program = `${begin}\n${way}\n${end}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, `http://127.0.0.1:${port}`, folder], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  await new Promise((resolve) => child.once("close", resolve));
  const { sizeBytes, rssMiB } = JSON.parse(said);
  expect(sizeBytes).toBe(totalBytes);
  expect(given).toBeGreaterThanOrEqual(totalBytes);
  if (taken > 0) expect(taken).toBe(totalBytes);
  expect(rssMiB).toBeLessThan(300);
});
