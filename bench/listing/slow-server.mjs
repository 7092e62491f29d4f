/**
 * A bucket of so many keys that are made when they are asked for, each page after so many milliseconds. It knows ListObjectsV2 alone, and
 * checks no signature. Says where it listens. usage: slow-server.mjs KEYS MILLISECONDS
 */
import { createServer } from "node:http";
import { keyOf, sizeOf } from "./pages.mjs";

const [, , keys = "0", milliseconds = "0"] = process.argv;
const total = Number(keys);
const etag = "0123456789abcdef0123456789abcdef";
let requests = 0;

/** How many keys do not lie behind this one. @param {string} after */
function behind(after) {
  let low = 0;
  for (let high = total; low < high; ) {
    const middle = (low + high) >>> 1;
    if (Buffer.compare(Buffer.from(keyOf(middle)), Buffer.from(after)) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {URLSearchParams} query */
function page(query) {
  const token = query.get("continuation-token");
  const start = token === null ? behind(query.get("start-after") ?? "") : Number(token);
  const end = Math.min(total, start + 1000);
  let contents = "";
  for (let n = start; n < end; n++) {
    const key = encodeURIComponent(keyOf(n)).replaceAll("%2F", "/").replaceAll("%20", "+");
    contents += `<Contents><Key>${key}</Key><LastModified>2026-11-01T12:34:56.000Z</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${sizeOf(n)}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  }
  const next = end < total ? `<NextContinuationToken>${end}</NextContinuationToken>` : "";
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>listing</Name><EncodingType>url</EncodingType><IsTruncated>${end < total}</IsTruncated>${next}${contents}</ListBucketResult>`;
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  if (pathname === "/requests") {
    response.end(String(requests));
    requests = 0;
    return;
  }
  requests += 1;
  setTimeout(() => response.setHeader("content-type", "application/xml").end(page(searchParams)), Number(milliseconds));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? `http://127.0.0.1:${address?.port}` : "");
});
