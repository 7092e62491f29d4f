/** The head of an answer, a few bytes at a time: what a server does that is on its last legs, and what attackers do. */
import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Answer } from "../answer.ts";
import { wireHeaders } from "../connection/wire.ts";
import type { OpenRecord } from "../request-log.ts";
import { waited } from "./clock.ts";
import type { Drip } from "./fault.ts";
import { goneSignal } from "./gone-signal.ts";
import { chunksOf } from "./spoil-answer.ts";
import type { Spoiling } from "./spoiling.ts";

/** Writes past Node's own head, which goes out in one piece; the connection ends with the answer. */
export async function sendHeadSlowly(
  response: ServerResponse,
  answer: Answer,
  { bytes, everyMs }: Drip,
  { clock }: Spoiling,
  record: OpenRecord,
): Promise<void> {
  const { socket } = response;
  if (socket === null) return;
  const head = Buffer.from(headText(response, answer), "latin1");
  for (let at = 0; at < head.length; at += bytes) {
    if (!(await waited(clock, everyMs, goneSignal(response)))) return;
    socket.write(head.subarray(at, at + bytes));
  }
  for await (const chunk of response.req.method === "HEAD" ? [] : chunksOf(answer.body)) {
    record.bytesOut += chunk.length;
    // A copy: it may be the object itself, and nobody waits for the socket here.
    socket.write(Buffer.from(chunk));
  }
  socket.end();
}

function headText(response: ServerResponse, answer: Answer): string {
  const given = wireHeaders(answer.headers);
  const replaced = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const own = Object.entries(response.getHeaders()).filter(([name]) => !replaced.has(name));
  const lines = [...own, ...Object.entries(given), ["Connection", "close"]].map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ""}\r\n${lines.join("")}\r\n`;
}
