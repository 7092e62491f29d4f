import { expect, it } from "vitest";
import { EntrepotError } from "../error/index.ts";
import type { Transport } from "../net/index.ts";
import { patienceMs, watchFirstAnswer } from "./first-answer.ts";

const sink = { head: () => {}, data: () => {} };
const request = { method: "GET", origin: "http://127.0.0.1:1", path: "/", headers: {} } as const;
const refusal = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });

/** What each next request meets: an answer, or an error. */
function watched(...script: readonly (Error | "answer")[]) {
  let next = 0;
  let nowMs = 0;
  const transport: Transport = {
    async send(_, to) {
      const met = script[next++];
      if (met !== "answer") throw new EntrepotError("unreachable", "no connection", { cause: met });
      to.head(200, {});
    },
    close: async () => {},
  };
  const first = watchFirstAnswer(() => nowMs);
  const watched = first.watch(transport);
  return {
    giveUp: first.giveUp,
    /** Sends once, then lets time pass. */
    async send(thenMs = 0) {
      await watched.send(request, sink).catch(() => {});
      nowMs += thenMs;
    },
  };
}

it("a server that refuses from the start is given up after three seconds", async () => {
  const server = watched(refusal, refusal);
  await server.send(patienceMs - 100);
  expect(server.giveUp(100)).toBeUndefined();
  await server.send();
  expect(server.giveUp(101)).toMatchObject({ code: "unreachable", message: "no connection", retryable: false });
});

it("a host whose addresses all refuse is one that refuses", async () => {
  const server = watched(new AggregateError([refusal, refusal]));
  await server.send();
  expect(server.giveUp(patienceMs + 1)).toBeDefined();
});

it("a server that has answered is not given up, whatever it does then", async () => {
  const server = watched("answer", refusal);
  await server.send();
  await server.send();
  expect(server.giveUp(60_000)).toBeUndefined();
});

it("any other failure is left to the library", async () => {
  const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  for (const failure of [reset, new AggregateError([refusal, reset])]) {
    const server = watched(failure);
    await server.send();
    expect(server.giveUp(60_000)).toBeUndefined();
  }
});
