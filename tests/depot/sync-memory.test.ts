/** How much memory the plan of a sync takes: that of a few pages of listings, however many objects there are. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const count = 100_000;
let server: Server;
let folder: string;
/** Two buckets of the same keys; every hundredth is missing in the second, every thousandth larger. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-"));
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://server");
    const { searchParams, pathname } = url;
    const token = searchParams.get("continuation-token");
    const start = token === null ? indexAfter(searchParams.get("start-after") ?? "") : Number(token);
    response.end(pageOf(pathname.startsWith("/from"), start));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

function keyOf(index: number): string {
  return `tree/d${String(Math.floor(index / 1000)).padStart(4, "0")}/file-${String(index % 1000).padStart(4, "0")}.parquet`;
}

/** A listing may be asked for in stretches. */
function indexAfter(key: string): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (keyOf(middle) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pageOf(isSource: boolean, start: number): string {
  const end = Math.min(start + 1000, count);
  let contents = "";
  for (let index = start; index < end; index += 1) {
    if (!isSource && index % 100 === 7) continue;
    const etag = index.toString(16).padStart(32, "0");
    const size = !isSource && index % 1000 === 3 ? 5 : 4;
    contents += `<Contents><Key>${keyOf(index)}</Key><LastModified>2026-01-01T00:00:00Z</LastModified><ETag>"${etag}"</ETag><Size>${size}</Size></Contents>`;
  }
  const goesOn = end < count;
  const token = goesOn ? `<NextContinuationToken>${end}</NextContinuationToken>` : "";
  return `<ListBucketResult><IsTruncated>${goesOn}</IsTruncated>${token}${contents}</ListBucketResult>`;
}

const program = `
import { entrepot } from "entrepot";
const [endpoint, dir] = process.argv.slice(1);
const data = entrepot({
  endpoint, region: "us-east-1", addressing: "path", credentials: { accessKeyId: "test", secretAccessKey: "test" },
  cache: { dir }, env: {}, envFile: false,
});
const { copied, skipped, compared } = await data.sync("s3://from/tree/", "s3://to/tree/", { dryRun: true });
await data.close();
console.log(JSON.stringify({ copied: copied.objects, skipped: skipped.objects, compared }));
`;

// Held in memory, the plan takes more than 100 MB.
test("the plan of 100,000 objects is made within a heap of 64 MB", { timeout: 120_000 }, async () => {
  const { port } = server.address() as AddressInfo;
  const args = ["--max-old-space-size=64", "--input-type=module", "-e", program, `http://127.0.0.1:${port}`];
  const child = spawn(process.execPath, [...args, join(folder, "cache")], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code).toBe(0);
  expect(JSON.parse(said)).toEqual({
    copied: 1_100,
    skipped: 98_900,
    compared: { etag: 98_900, checksum: 0, time: 0, size: 100 },
  });
});
