import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { goneSignal } from "./gone-signal.ts";

function answer(destroyed = false): { readonly response: ServerResponse; readonly socket: EventEmitter } {
  const socket = Object.assign(new EventEmitter(), { destroyed });
  return { response: Object.assign(new EventEmitter(), { req: { socket } }) as unknown as ServerResponse, socket };
}

test("an answer that waits for its turn on a connection hears of its end", () => {
  const { response, socket } = answer();
  const signal = goneSignal(response);
  expect([goneSignal(response) === signal, signal.aborted]).toEqual([true, false]);
  socket.emit("close");
  expect(signal.aborted).toBe(true);
});

test("one that is over hears nothing more, and leaves nothing on its connection", () => {
  const { response, socket } = answer();
  const signal = goneSignal(response);
  response.emit("close");
  expect([signal.aborted, socket.listenerCount("close")]).toEqual([true, 0]);
});

test("one whose connection has ended before is gone at once", () => {
  expect(goneSignal(answer(true).response).aborted).toBe(true);
});
