/** Puts an answer on the wire as a fault will have it: late, slowly, in part, or not at all. */
import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Answer } from "../answer.ts";
import { wireHeaders, written } from "../connection/wire.ts";
import type { OpenRecord } from "../request-log.ts";
import { waited } from "./clock.ts";
import type { FaultEffect } from "./fault.ts";
import { goneSignal } from "./gone-signal.ts";
import { sendHeadSlowly } from "./slow-headers.ts";
import { announced, chunksOf } from "./spoil-answer.ts";
import type { Spoiling } from "./spoiling.ts";

/** Where and how a body is broken off. */
interface Break {
  readonly atByte: number;
  readonly by: "cut" | "reset" | "stall";
}

/** Resolves when the answer is handed over, broken off, or the client is gone. */
export async function sendSpoiled(
  response: ServerResponse,
  answer: Answer,
  spoiling: Spoiling,
  record: OpenRecord,
): Promise<void> {
  const { effect, latencyMs, clock } = spoiling;
  if (latencyMs > 0 && !(await waited(clock, latencyMs, goneSignal(response)))) return;
  if (effect !== undefined) {
    if ("silent" in effect) return;
    if ("loseAnswer" in effect) return reset(response);
    if ("garbage" in effect) {
      response.socket?.end("220 entrepot ready\r\n500 this is no HTTP\r\n");
      return;
    }
  }
  const { socket } = response;
  const whole = announced(answer);
  record.status = whole.status;
  const closing = effect !== undefined && "closeAfter" in effect ? effect.closeAfter : undefined;
  if (closing === "announced") response.setHeader("Connection", "close");
  if (effect !== undefined && "slowHeaders" in effect)
    await sendHeadSlowly(response, whole, effect.slowHeaders, spoiling, record);
  else {
    response.writeHead(whole.status, wireHeaders(whole.headers));
    const isHead = response.req.method === "HEAD";
    if (isHead || whole.body === undefined || (await sendBody(response, whole, spoiling, record))) {
      response.end();
      await finished(response);
      // Only the end tells a client that what was announced does not come.
      const short = effect !== undefined && "contentLength" in effect && effect.contentLength !== "missing";
      if (closing === "unannounced" || (short && !isHead)) socket?.end();
    }
  }
}

/** Whether the body is to be ended in order; otherwise it was broken off. */
async function sendBody(
  response: ServerResponse,
  answer: Answer,
  spoiling: Spoiling,
  record: OpenRecord,
): Promise<boolean> {
  const broken = spoiling.effect === undefined ? undefined : breakOf(spoiling.effect);
  response.flushHeaders();
  let left = broken?.atByte ?? Number.POSITIVE_INFINITY;
  for await (const chunk of paced(chunksOf(answer.body), spoiling, goneSignal(response))) {
    const piece = chunk.subarray(0, left);
    left -= piece.length;
    record.bytesOut += piece.length;
    if (piece.length > 0) await written(response, piece);
    if (left === 0 || response.destroyed) break;
  }
  if (broken === undefined || left > 0) return !response.destroyed;
  if (broken.by === "reset") {
    // libuv takes a reset that comes together with data for an orderly end: give the client a turn to read.
    await nextTurn();
    await nextTurn();
    reset(response);
  } else if (broken.by === "cut") response.socket?.end();
  return false;
}

/** The same bytes in pieces, each when its time has come. Ends early when nobody is left. */
export async function* paced(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { effect, bodyDelayMs, link, clock }: Spoiling,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (!(await waited(clock, bodyDelayMs, signal))) return;
  const drip = effect !== undefined && "drip" in effect ? effect.drip : undefined;
  const most = Math.min(drip?.bytes ?? Number.POSITIVE_INFINITY, link?.pieceBytes ?? Number.POSITIVE_INFINITY);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += most) {
      const piece = chunk.subarray(at, Math.min(at + most, chunk.length));
      if (drip !== undefined && !(await waited(clock, drip.everyMs, signal))) return;
      if (link !== undefined && !(await link.pass(piece.length, signal))) return;
      yield piece;
    }
  }
}

function breakOf(effect: FaultEffect): Break | undefined {
  if ("cutAfterBytes" in effect) return { atByte: effect.cutAfterBytes, by: "cut" };
  if ("resetAfterBytes" in effect) return { atByte: effect.resetAfterBytes, by: "reset" };
  if ("stallAfterBytes" in effect) return { atByte: effect.stallAfterBytes, by: "stall" };
  return undefined;
}

function reset(response: ServerResponse): void {
  const { socket } = response;
  if (socket !== null) resetSocket(socket);
}

/** Breaks a connection so that the client sees a reset (RST). */
export function resetSocket(socket: NonNullable<ServerResponse["socket"]>): void {
  // Node sends FIN before it resets, and a client that sees that first knows of no reset.
  socket.end = () => socket;
  socket.resetAndDestroy();
  socket.destroy();
}

function finished(response: ServerResponse): Promise<void> {
  if (response.writableFinished || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once("finish", resolve);
    response.once("close", resolve);
  });
}
