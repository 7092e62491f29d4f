import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import type { Clock } from "../clock.ts";
import { Pulse } from "./pulse.ts";
import type { TaskStatus } from "./task.ts";
import { Waiting, type WaitingParts } from "./waiting.ts";

/** Time passes when somebody sleeps. */
function quickClock(): Clock {
  let nowMs = 0;
  return {
    now: () => nowMs,
    sleep: async (ms, signal) => {
      nowMs += ms;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
    every: () => () => undefined,
  };
}

function waitingFor(parts: Partial<WaitingParts>): Waiting {
  const clock = quickClock();
  return new Waiting({
    ...{ clock, pulse: new Pulse(clock), readEnded: async () => [], readKnown: async (ids) => ids },
    ...parts,
  });
}

const ended = (id: string): TaskStatus => ({
  ...{ id, state: "done", data: {}, attempts: 1, takeOvers: 0, output: 1, reason: undefined },
  ...{ createdMs: 0, startedMs: 0, endedMs: 0 },
});

test("an unknown task is not found, and does not disturb who waits for another", async () => {
  let isOver = false;
  const waiting = waitingFor({
    readKnown: async (ids) => ids.filter((id) => id !== "unknown"),
    readEnded: async () => (isOver ? [ended("known")] : []),
  });
  const known = waiting.wait("known", undefined);
  await expect(waiting.wait("unknown", undefined)).rejects.toMatchObject({ code: "not-found" });
  isOver = true;
  expect(await known).toMatchObject({ state: "done" });
});

test("a task that is forgotten while it is waited for is not found", async () => {
  let questions = 0;
  const waiting = waitingFor({
    readKnown: async (ids) => {
      questions += 1;
      return questions < 3 ? ids : [];
    },
  });
  await expect(waiting.wait("a", undefined)).rejects.toMatchObject({ code: "not-found" });
});

test("waiting again inside the handler of a failure is waiting", async () => {
  let questions = 0;
  const waiting = waitingFor({
    readEnded: async (ids) => {
      questions += 1;
      if (questions === 1) throw new Error("permission denied");
      return ids.map(ended);
    },
  });
  const again = waiting.wait("a", undefined).catch((error: Error) => {
    expect(error.message).toBe("permission denied");
    return waiting.wait("b", undefined);
  });
  expect(await again).toMatchObject({ id: "b", state: "done" });
});

test("a database that is away for a minute is unreachable for who waits; a shorter while is nothing", async () => {
  let failures = 0;
  const away = new EntrepotError("unreachable", "no connection");
  const waiting = waitingFor({
    readEnded: async (ids) => {
      failures += 1;
      if (failures < 20) throw away;
      return ids.map(ended);
    },
  });
  expect(await waiting.wait("a", undefined)).toMatchObject({ state: "done" });
  const never = waitingFor({ readEnded: () => Promise.reject(away) });
  await expect(never.wait("a", undefined)).rejects.toBe(away);
});

test("one signal ends all that wait under it, and has one listener", async () => {
  const waiting = waitingFor({});
  const abort = new AbortController();
  const waits = Array.from({ length: 30 }, (_, at) => waiting.wait(`${at}`, abort.signal));
  expect(getEventListeners(abort.signal, "abort").length).toBe(1);
  const reason = new Error("enough");
  abort.abort(reason);
  for (const wait of waits) await expect(wait).rejects.toBe(reason);
  expect(getEventListeners(abort.signal, "abort").length).toBe(0);
});
