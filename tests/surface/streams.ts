// Streams and web types, either way; readers that take `{ byteLength, slice }`.
import { createWriteStream } from "node:fs";
import { createServer } from "node:http";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { entrepot } from "entrepot";

const data = entrepot();
await data.writeStream("s3://b/big.gz", process.stdin.pipe(createGzip()));
await data.writeStream("s3://b/stdin", process.stdin);
createServer((request, response) => {
  const stop = new AbortController();
  response.once("close", () => stop.abort());
  pipeline(data.readStream(`s3://b${request.url ?? "/"}`, { signal: stop.signal }), response).catch(() =>
    response.destroy(),
  );
});
await pipeline(data.readStream("s3://b/big.gz"), createWriteStream("./big.gz"));
data.readStream("s3://b/big.gz").pipeThrough(new DecompressionStream("gzip"));
const answer = await fetch("https://example.com", { method: "POST", body: await data.readBytes("s3://b/a") });
if (answer.body) await data.writeStream("s3://b/page", answer.body);
for await (const chunk of data.readStream("s3://b/a", { range: { start: 10 } })) console.log(chunk.byteLength);

const png = await data.readBytes("s3://b/x.png");
const blob = new Blob([png], { type: "image/png" });
const digest = await crypto.subtle.digest("SHA-256", png);
console.log(blob.size, digest.byteLength);

await using file = await data.open("s3://b/x.parquet");
const reader: { byteLength: number; slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer> } = file;
const tail = await file.read({ suffix: 8 });
console.log(reader.byteLength, new DataView(tail.buffer, tail.byteOffset).getUint32(0, true), file.etag);
const index = [
  { offset: 0, size: 64 },
  { offset: 4096, size: 10 },
];
const parts = await data.readRanges(
  "s3://b/x",
  index.map((i) => ({ start: i.offset, end: i.offset + i.size })),
);
console.log(parts[0]?.byteLength);
// @ts-expect-error from a start or the last bytes, not both
await file.read({ start: 0, suffix: 8 });
