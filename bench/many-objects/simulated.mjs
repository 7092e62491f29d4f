/**
 * A server that only pretends: so many objects, all of one size, each answer after so many milliseconds; nothing is stored and no
 * signature is checked. usage: simulated.mjs OBJECTS BYTES LATENCY_MS; prints its endpoint and ends when standard input does.
 */
import { createServer } from "node:http";

const [objects = 0, bytes = 0, latencyMs = 0] = process.argv.slice(2).map(Number);
const body = Buffer.alloc(bytes, "entrepot");
const etag = '"0123456789abcdef0123456789abcdef"';
const modified = "Sun, 22 Nov 2026 00:00:00 GMT";
const perFolder = 1000;

/** In the order of their keys. @param {number} n */
const keyOf = (n) => `data/${String(Math.floor(n / perFolder)).padStart(6, "0")}/${String(n).padStart(9, "0")}.bin`;

/** The first object whose key is `from` or later. @param {string} from */
function indexOf(from) {
  let [low, high] = [0, objects];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyOf(middle) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What comes after everything that begins with `text`. @param {string} text */
const behind = (text) => `${text}~`;

/** @param {URLSearchParams} query */
function page(query) {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter");
  const most = Number(query.get("max-keys") ?? 1000);
  const after = query.get("continuation-token") ?? query.get("start-after");
  let at = indexOf(after === null || after < prefix ? prefix : after);
  if (after !== null && keyOf(at) === after) at++;
  const found = [];
  let last = "";
  for (; at < objects && found.length < most; ) {
    const key = keyOf(at);
    if (!key.startsWith(prefix)) break;
    const end = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
    if (end >= 0) {
      const folder = key.slice(0, end + 1);
      found.push(`<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`);
      last = behind(folder);
      at = indexOf(last);
    } else {
      found.push(
        `<Contents><Key>${key}</Key><LastModified>2026-11-22T00:00:00.000Z</LastModified><ETag>&quot;${etag.slice(1, -1)}&quot;</ETag><Size>${bytes}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
      );
      last = key;
      at++;
    }
  }
  const more = at < objects && keyOf(at).startsWith(prefix);
  const next = more ? `<NextContinuationToken>${last}</NextContinuationToken>` : "";
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>${prefix}</Prefix><KeyCount>${found.length}</KeyCount><MaxKeys>${most}</MaxKeys><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${next}${found.join("")}</ListBucketResult>`;
}

const server = createServer((request, response) => {
  request.resume();
  setTimeout(() => answer(request, response), latencyMs);
});
server.keepAliveTimeout = 60_000;

/** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
  const [, , ...rest] = pathname.split("/");
  const key = decodeURIComponent(rest.join("/"));
  if (request.method === "GET" && key === "") {
    response.writeHead(200, { "content-type": "application/xml" }).end(page(searchParams));
    return;
  }
  const isThere = keyOf(indexOf(key)) === key && indexOf(key) < objects;
  if (request.method === "PUT") response.writeHead(200, { etag }).end();
  else if (!isThere)
    response.writeHead(404, { "content-type": "application/xml" }).end("<Error><Code>NoSuchKey</Code></Error>");
  else
    response
      .writeHead(200, { etag, "last-modified": modified, "content-length": bytes })
      .end(request.method === "HEAD" ? undefined : body);
}

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") console.log(`http://127.0.0.1:${address?.port}`);
});
process.stdin.resume().on("end", () => process.exit());
