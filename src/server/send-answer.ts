/** Puts an answer on the wire; under a fault `send-spoiled.ts` does. */
import type { ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";
import { sendSpoiled } from "./faults/send-spoiled.ts";
import type { Spoiling } from "./faults/spoiling.ts";
import type { OpenRecord } from "./request-log.ts";

const wireNames: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ..."Accept-Ranges Cache-Control Content-Disposition Content-Encoding Content-Language Content-Length".split(" "),
    ..."Content-Range Content-Type ETag Expires Last-Modified Location Retry-After".split(" "),
  ].map((name) => [name.toLowerCase(), name]),
);

/** Resolves when the answer is handed over, broken off, or the client is gone. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  spoiling: Spoiling | undefined,
  record: OpenRecord,
): Promise<void> {
  try {
    if (spoiling === undefined) await sendWhole(response, answer, record);
    else await sendSpoiled(response, answer, spoiling, record);
  } finally {
    answer.release?.();
  }
}

async function sendWhole(response: ServerResponse, answer: Answer, record: OpenRecord): Promise<void> {
  record.status = answer.status;
  const { body } = answer;
  if (body === undefined) {
    response.writeHead(answer.status, wireHeaders(answer.headers));
    response.end();
  } else if (typeof body === "string" || body instanceof Uint8Array) {
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    response.writeHead(answer.status, wireHeaders(answer.headers, bytes.length));
    response.end(bytes);
    record.bytesOut += response.req.method === "HEAD" ? 0 : bytes.length;
  } else {
    response.writeHead(answer.status, wireHeaders(answer.headers));
    for await (const chunk of body) {
      record.bytesOut += chunk.length;
      if (!response.write(chunk)) await writable(response);
      if (response.destroyed) return;
    }
    response.end();
  }
}

/** Names as S3 writes them: some clients look no further. */
export function wireHeaders(headers: Answer["headers"], length?: number): Record<string, string> {
  const named: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) named[wireNames[name] ?? name] = value;
  if (length !== undefined) named["Content-Length"] = String(length);
  return named;
}

function writable(response: ServerResponse): Promise<void> {
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
