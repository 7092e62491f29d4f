import { expect, test } from "vitest";
import type { LogLine } from "../store/index.ts";
import { Reporter } from "./reporter.ts";

/** A database that answers when it is told to: each call waits for its turn. */
function world(answers: readonly (boolean | Error)[] = []) {
  const told: string[] = [];
  const [warnings, fenced]: [unknown[], string[]] = [[], []];
  let calls = 0;
  const waiting: (() => void)[] = [];
  const at = { nowMs: 0 };
  const answer = async (what: string[]): Promise<boolean> => {
    const given = answers[calls] ?? true;
    calls += 1;
    await new Promise<void>((resolve) => waiting.push(resolve));
    if (given instanceof Error) throw given;
    if (given) told.push(...what);
    return given;
  };
  let wake: () => void = () => undefined;
  const sleep = (_: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      wake = resolve;
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  const reporter = new Reporter({
    token: "t",
    tasks: {
      log: (_, lines: readonly LogLine[]) => answer(lines.map(({ stream, line }) => `${stream}: ${line}`)),
      progress: (_, { fraction, message }) => answer([`${fraction} ${message}`]),
    },
    clock: { now: () => at.nowMs, sleep, every: () => () => undefined },
    onFenced: () => void fenced.push("fenced"),
    onWarning: (error) => void warnings.push(error),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  /** The time in which lines are collected is over. */
  const collected = async () => {
    await settle();
    wake();
    await settle();
  };
  /** Lets the database answer, one call after the other, until it is asked no more. */
  const answerAll = async () => {
    for (await collected(); waiting.length > 0; await collected()) waiting.shift()?.();
  };
  return { reporter, told, warnings, fenced, collected, answerAll, calls: () => calls, at };
}

test("lines that come together are told together, and of two progresses the newest", async () => {
  const { reporter, told, answerAll, calls } = world();
  await reporter.line("stdout", "one");
  await reporter.line("stdout", "::progress 0.1 begun");
  await reporter.line("stderr", "two");
  await reporter.line("stdout", "::progress 0.5 half");
  const flushed = reporter.flush();
  await answerAll();
  await flushed;
  expect(told).toEqual(["stdout: one", "stderr: two", "0.5 half"]);
  expect(calls()).toBe(2);
});

test("how far it is, is told once each second, and at the end: each time the newest; lines do not wait for that", async () => {
  const { reporter, told, answerAll, at } = world();
  for (let tick = 1; tick <= 25; tick += 1) {
    await reporter.line("stdout", `::progress ${tick / 100} ${tick}`);
    if (tick === 12) await reporter.line("stdout", "a line");
    await answerAll();
    at.nowMs += 100;
  }
  const flushed = reporter.flush();
  await answerAll();
  await flushed;
  expect(told).toEqual(["0.01 1", "0.11 11", "stdout: a line", "0.21 21", "0.25 25"]);
});

test("who waits for room does not wait until a progress may be told", async () => {
  const { reporter, told, answerAll } = world();
  for (const fraction of ["0.1", "0.2"]) {
    await reporter.line("stdout", `::progress ${fraction}`);
    await answerAll();
  }
  const lines = Array.from({ length: 2_000 }, (_, at) => reporter.line("stdout", `${at}`));
  await answerAll();
  await Promise.all(lines);
  expect(told).toHaveLength(2_001);
});

test("what comes while a write fails is told, and what was in it is said to be lost", async () => {
  const away = new Error("away");
  const { reporter, told, warnings, collected, answerAll, fenced } = world([away]);
  await reporter.line("stdout", "one");
  await reporter.line("stdout", "two");
  await collected();
  // the write of both is under way; after this one the program says nothing more
  await reporter.line("stdout", "three");
  await answerAll();
  await reporter.flush();
  expect(warnings).toEqual([away]);
  expect(told).toEqual(["worker: (2 lines could not be kept: the database was away)", "stdout: three"]);
  expect(fenced).toEqual([]);
});

test("lines that are lost at the end are said to be, once the database is back, and end nothing where it stays away", async () => {
  const away = new Error("away");
  const back = world([away]);
  await back.reporter.line("stdout", "one");
  const flushed = back.reporter.flush();
  await back.answerAll();
  await flushed;
  expect(back.told).toEqual(["worker: (1 line could not be kept: the database was away)"]);
  const gone = world([away, away, away]);
  await gone.reporter.line("stdout", "one");
  const ended = gone.reporter.flush();
  await gone.answerAll();
  await ended;
  expect(gone.told).toEqual([]);
  expect(gone.calls()).toBe(2);
});

test("who is not listened to any more is told so", async () => {
  const { reporter, fenced, answerAll } = world([false]);
  await reporter.line("stdout", "one");
  await answerAll();
  expect(fenced).toEqual(["fenced"]);
});

test("a program that says more than is told in time waits", async () => {
  const { reporter, told, answerAll } = world();
  for (let at = 0; at < 1_999; at += 1) await reporter.line("stdout", `${at}`);
  let hasRoom = false;
  const last = reporter.line("stdout", "1999").then(() => {
    hasRoom = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(hasRoom).toBe(false);
  await answerAll();
  await last;
  expect(told).toHaveLength(2_000);
});
