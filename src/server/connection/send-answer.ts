/** Puts an answer on the wire; under a fault `send-spoiled.ts` does. */
import type { ServerResponse } from "node:http";
import type { Answer } from "../answer.ts";
import { sendSpoiled } from "../faults/send-spoiled.ts";
import type { Spoiling } from "../faults/spoiling.ts";
import type { OpenRecord } from "../request-log.ts";
import { wireHeaders, writable } from "./wire.ts";

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
