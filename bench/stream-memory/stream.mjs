/** One stream, in a process of its own: `stream.mjs up|down|hash URI BYTES`; prints what passed and what it took in memory. */
import { createHash, randomBytes } from "node:crypto";
import { entrepot } from "entrepot";

const [, , direction, uri = "", size] = process.argv;
const sizeBytes = Number(size);
const chunkBytes = 256 * 1024;
const data = entrepot({
  endpoint: process.env.BENCH_ENDPOINT,
  region: "us-east-1",
  addressing: "path",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
const hash = createHash("sha256");
let bytes = 0;

/** No two chunks alike, each its own memory: who is given one may keep it. */
async function* generated() {
  const block = randomBytes(chunkBytes);
  for (let at = 0; at < sizeBytes; at += chunkBytes) {
    const chunk = Buffer.from(block.subarray(0, Math.min(chunkBytes, sizeBytes - at)));
    chunk.writeDoubleLE(at, 0);
    hash.update(chunk);
    bytes += chunk.byteLength;
    yield chunk;
  }
}

const begun = process.hrtime.bigint();
try {
  if (direction === "up") await data.writeStream(uri, generated());
  else {
    for await (const chunk of data.readStream(uri)) {
      bytes += chunk.byteLength;
      if (direction === "hash") hash.update(chunk);
    }
  }
} finally {
  await data.close();
}
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(
  JSON.stringify({
    bytes,
    sha256: direction === "down" ? undefined : hash.digest("hex"),
    seconds: Number(process.hrtime.bigint() - begun) / 1e9,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    maxRssBytes: maxRSS * 1024,
  }),
);
