/** What answers have in common on their way to the socket: the names of headers, and when it has room. */
import type { ServerResponse } from "node:http";
import type { Answer } from "../answer.ts";

const wireNames: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ..."Accept-Ranges Cache-Control Content-Disposition Content-Encoding Content-Language Content-Length".split(" "),
    ..."Content-Range Content-Type ETag Expires Last-Modified Location Retry-After".split(" "),
  ].map((name) => [name.toLowerCase(), name]),
);

/** Names as S3 writes them: some clients look no further. */
export function wireHeaders(headers: Answer["headers"], length?: number): Record<string, string> {
  const named: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) named[wireNames[name] ?? name] = value;
  if (length !== undefined) named["Content-Length"] = String(length);
  return named;
}

/** Resolves when more can be written, or never will be. */
export function writable(response: ServerResponse): Promise<void> {
  // Nothing tells of a drain, or of an end that was before.
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}

/** Resolves when the chunk is with the system, or the client is gone. */
export function written(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.once("close", resolve);
    response.write(chunk, () => {
      response.off("close", resolve);
      resolve();
    });
  });
}
