/** How much memory a stream takes that is longer than memory: its buffers, whatever its length. */
import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

let server: Server;
let taken = 0;
/** Takes parts and keeps nothing: what is measured is the sender. */
beforeAll(async () => {
  server = createServer((request, response) => {
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
});

const program = `
import { entrepot } from "entrepot";
const data = entrepot({
  endpoint: process.argv[1], region: "us-east-1", addressing: "path",
  credentials: { accessKeyId: "test", secretAccessKey: "test" }, cache: false, env: {}, envFile: false,
});
async function* pieces() {
  for (let piece = 0; piece < 1024; piece += 1) yield new Uint8Array(1024 * 1024).fill(piece);
}
const { sizeBytes } = await data.writeStream("s3://b/long", pieces());
await data.close();
console.log(JSON.stringify({ sizeBytes, rssMiB: process.resourceUsage().maxRSS / 1024 }));
`;

// Node 20 takes 150, Node 24 lets more garbage stand.
test("a stream of 1 GiB is written within 300 MiB", { timeout: 120_000 }, async () => {
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, `http://127.0.0.1:${port}`], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  await new Promise((resolve) => child.once("close", resolve));
  const { sizeBytes, rssMiB } = JSON.parse(said);
  expect([sizeBytes, taken]).toEqual([1024 ** 3, 1024 ** 3]);
  expect(rssMiB).toBeLessThan(300);
});
