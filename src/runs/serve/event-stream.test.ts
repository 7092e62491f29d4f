import { beforeEach, expect, test } from "vitest";
import type { RunEvent } from "../store/index.ts";
import { eventStream } from "./event-stream.ts";

let isGood: boolean;
let beats: (() => unknown)[];
let ends: number;
/** Of the watch: whether it was told that nobody listens. */
let watched: AbortSignal | undefined;
let goOn: (event: RunEvent) => void;
let closing: AbortController;

beforeEach(() => {
  isGood = true;
  beats = [];
  ends = 0;
  watched = undefined;
  closing = new AbortController();
});

test("an open stream says at each beat that it is there, and tells events as they come", async () => {
  const lines = listen();
  expect(await lines.next()).toBe("retry: 1000\n\n");
  await beat();
  expect(await lines.next()).toBe(": here\n\n");
  const next = lines.next();
  goOn({ at: 7, timeMs: 1, type: "submitted" });
  expect(await next).toBe('id: 7\nevent: submitted\ndata: {"at":7,"timeMs":1,"type":"submitted"}\n\n');
  expect([ends, watched?.aborted]).toEqual([0, false]);
});

test("the beat after a token was taken back is the end of its stream", async () => {
  const lines = listen();
  await lines.next();
  isGood = false;
  await beat();
  expect(await lines.next()).toBeUndefined();
  expect([ends, watched?.aborted, beats]).toEqual([1, true, []]);
});

test("where nobody can know whether the token is good the stream ends, too", async () => {
  const lines = listen(() => Promise.reject(new Error("the database is away")));
  await lines.next();
  await beat();
  expect(await lines.next()).toBeUndefined();
  expect(ends).toBe(1);
});

test("a server that closes ends it, also one that nobody reads", async () => {
  const lines = listen();
  closing.abort();
  expect([ends, watched?.aborted, beats]).toEqual([1, true, []]);
  expect(await lines.next()).toBe("retry: 1000\n\n");
  expect(await lines.next()).toBeUndefined();
  expect(ends).toBe(1);
});

test("who goes gives its place back", async () => {
  const lines = listen();
  await lines.next();
  await lines.cancel();
  expect([ends, watched?.aborted, beats]).toEqual([1, true, []]);
});

function listen(isStill: () => Promise<boolean> = async () => isGood) {
  const response = eventStream({
    watch: (signal) => {
      watched = signal;
      return untilAborted(signal);
    },
    every: (_, work) => {
      beats.push(work);
      return () => {
        beats = [];
      };
    },
    signal: closing.signal,
    isStill,
    onEnd: () => {
      ends += 1;
    },
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  return {
    next: async () => {
      const { value } = await reader.read();
      return value && new TextDecoder().decode(value);
    },
    cancel: () => reader.cancel(),
  };
}

async function* untilAborted(signal: AbortSignal): AsyncGenerator<RunEvent, void> {
  while (!signal.aborted)
    yield await new Promise<RunEvent>((resolve, reject) => {
      goOn = resolve;
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
}

async function beat(): Promise<void> {
  for (const work of beats) await work();
}
