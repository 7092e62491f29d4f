/** What Node's HTTP server can do at most: no S3 at all, answers that lie ready, bodies that nobody looks at. */
import { createServer } from "node:http";

const bodies = new Map([
  ["/bench/large/1m", Buffer.alloc(2 ** 20)],
  ["/bench/large/64m", Buffer.alloc(2 ** 26)],
  ["/bench/", Buffer.alloc(300_000)],
]);
const small = Buffer.alloc(1024);

const server = createServer((request, response) => {
  const path = (request.url ?? "").replace(/\?.*$/, "");
  const body = request.method === "GET" ? (bodies.get(path) ?? small) : undefined;
  const answer = () => {
    response.writeHead(request.method === "DELETE" ? 204 : 200, { "Content-Length": body?.length ?? 0 });
    response.end(body);
  };
  if (request.method !== "PUT") return answer();
  request.on("data", () => undefined).on("end", answer);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
});
