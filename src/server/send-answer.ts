/** Puts an answer on the wire – or, under a fault, less than all of it. */
import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Answer } from "./answer.ts";
import type { FaultEffect } from "./fault.ts";
import type { OpenRecord } from "./request-log.ts";

const wireNames: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ..."Accept-Ranges Cache-Control Content-Disposition Content-Encoding Content-Language Content-Length".split(" "),
    ..."Content-Range Content-Type ETag Expires Last-Modified Location Retry-After".split(" "),
  ].map((name) => [name.toLowerCase(), name]),
);

/** Where and how a body is broken off. */
interface Break {
  readonly atByte: number;
  readonly by: "cut" | "reset" | "stall";
}

/** Resolves when the answer is handed over, broken off, or the client is gone. */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  effect: FaultEffect | undefined,
  record: OpenRecord,
): Promise<void> {
  try {
    if (effect === undefined) return await sendWhole(response, answer, record);
    if ("silent" in effect) return;
    if ("loseAnswer" in effect) return reset(response);
    await sendBroken(response, spoil(answer, effect), breakOf(effect), record);
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

/** Sends up to the break, sees it out to the socket, then breaks. */
async function sendBroken(
  response: ServerResponse,
  answer: Answer,
  broken: Break | undefined,
  record: OpenRecord,
): Promise<void> {
  if (broken === undefined || response.req.method === "HEAD") return await sendWhole(response, answer, record);
  record.status = answer.status;
  const chunks = piecesOf(answer.body);
  const length = typeof answer.body === "string" || answer.body instanceof Uint8Array ? chunks[0].length : undefined;
  response.writeHead(answer.status, wireHeaders(answer.headers, length));
  response.flushHeaders();
  let left = broken.atByte;
  for await (const chunk of chunks[1]) {
    const piece = chunk.subarray(0, left);
    left -= piece.length;
    record.bytesOut += piece.length;
    if (piece.length > 0) await written(response, piece);
    if (left === 0 || response.destroyed) break;
  }
  if (left > 0) {
    response.end();
  } else if (broken.by === "reset") {
    // libuv takes a reset that comes together with data for an orderly end: give the client a turn to read.
    await nextTurn();
    await nextTurn();
    reset(response);
  } else if (broken.by === "cut") response.socket?.end();
}

type Pieces = readonly [whole: Uint8Array, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>];

function piecesOf(body: Answer["body"]): Pieces {
  const none = new Uint8Array(0);
  if (body === undefined) return [none, []];
  if (typeof body === "string") return [Buffer.from(body), [Buffer.from(body)]];
  return body instanceof Uint8Array ? [body, [body]] : [none, body];
}

function breakOf(effect: FaultEffect): Break | undefined {
  if ("cutAfterBytes" in effect) return { atByte: effect.cutAfterBytes, by: "cut" };
  if ("resetAfterBytes" in effect) return { atByte: effect.resetAfterBytes, by: "reset" };
  if ("stallAfterBytes" in effect) return { atByte: effect.stallAfterBytes, by: "stall" };
  return undefined;
}

/** The same answer with something wrong in it. */
function spoil(answer: Answer, effect: FaultEffect): Answer {
  if ("contentRange" in effect) {
    return { ...answer, headers: { ...answer.headers, "content-range": effect.contentRange } };
  }
  if (answer.body === undefined) return answer;
  if ("truncateBody" in effect) {
    const announced = Number(answer.headers?.["content-length"] ?? Number.POSITIVE_INFINITY);
    const whole = typeof answer.body === "string" ? Buffer.byteLength(answer.body) : announced;
    const length = Math.min(whole, effect.truncateBody);
    const headers = { ...answer.headers, "content-length": String(length) };
    return {
      ...answer,
      headers,
      body: transform(answer.body, (chunk, at) => chunk.subarray(0, Math.max(length - at, 0))),
    };
  }
  if ("corruptByteAt" in effect) {
    const target = effect.corruptByteAt;
    const length = typeof answer.body === "string" ? { "content-length": String(Buffer.byteLength(answer.body)) } : {};
    const headers = { ...answer.headers, ...length };
    return { ...answer, headers, body: transform(answer.body, (chunk, at) => invertAt(chunk, target - at)) };
  }
  return answer;
}

async function* transform(
  body: NonNullable<Answer["body"]>,
  change: (chunk: Uint8Array, at: number) => Uint8Array,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of piecesOf(body)[1]) {
    yield change(chunk, at);
    at += chunk.length;
  }
}

/** A copy: the bytes may be the object itself. */
function invertAt(chunk: Uint8Array, index: number): Uint8Array {
  if (index < 0 || index >= chunk.length) return chunk;
  const copy = Uint8Array.from(chunk);
  copy[index] = ~(copy[index] ?? 0) & 255;
  return copy;
}

/** Names as S3 writes them: some clients look no further. */
function wireHeaders(headers: Answer["headers"], length?: number): Record<string, string> {
  const named: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) named[wireNames[name] ?? name] = value;
  if (length !== undefined) named["Content-Length"] = String(length);
  return named;
}

function reset(response: ServerResponse): void {
  const { socket } = response;
  if (socket === null) return;
  // Node sends FIN before it resets, and a client that sees that first knows of no reset.
  socket.end = () => socket;
  socket.resetAndDestroy();
  socket.destroy();
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

function written(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.once("close", resolve);
    response.write(chunk, () => {
      response.off("close", resolve);
      resolve();
    });
  });
}
