import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { readLines } from "./output-lines.ts";

/** An output, what was taken of it, and a clock whose sleeps end when they are told to. */
function world(take: (line: string) => Promise<void> = async () => undefined) {
  const stream = new PassThrough();
  const taken: string[] = [];
  const output = readLines(stream, async (line) => {
    taken.push(line);
    await take(line);
  });
  const naps: (() => void)[] = [];
  const clock = {
    now: () => 0,
    every: () => () => undefined,
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        naps.push(resolve);
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const wake = async () => {
    naps.pop()?.();
    await settle();
  };
  return { stream, taken, output, clock, naps, settle, wake };
}

test("an output that closes is told to its last line, also where that has no end", async () => {
  const { stream, taken, output, clock } = world();
  stream.end("one\ntwo\nthr");
  await output.lastWords(clock);
  await output.ended;
  expect(taken).toEqual(["one", "two", "thr"]);
});

test("what somebody else holds open is done with when it was quiet", async () => {
  const { stream, output, clock, settle, wake, naps } = world();
  stream.write("one\n");
  await settle();
  let isOver = false;
  const over = output.lastWords(clock).then(() => {
    isOver = true;
  });
  await settle();
  stream.write("two\n");
  await settle();
  await wake();
  // it was not quiet
  expect([isOver, naps.length]).toEqual([false, 1]);
  await wake();
  await over;
  expect(isOver).toBe(true);
});

test("it is not waited for for ever while it goes on talking", async () => {
  const { stream, output, clock, settle, wake } = world();
  let isOver = false;
  void output.lastWords(clock).then(() => {
    isOver = true;
  });
  for (let at = 0; at < 12 && !isOver; at += 1) {
    stream.write(`${"x".repeat(99_999)}\n`);
    for (let turn = 0; turn < 10; turn += 1) await settle();
    await wake();
  }
  expect(isOver).toBe(true);
});

test("a line that is being taken is waited for, however quiet it is", async () => {
  let done: () => void = () => undefined;
  const { stream, output, clock, settle, wake } = world(
    () =>
      new Promise((resolve) => {
        done = resolve;
      }),
  );
  stream.write("one\n");
  await settle();
  let isOver = false;
  const over = output.lastWords(clock).then(() => {
    isOver = true;
  });
  for (let at = 0; at < 3; at += 1) await wake();
  expect(isOver).toBe(false);
  done();
  await settle();
  for (let at = 0; at < 2; at += 1) await wake();
  await over;
});

test("an output that is destroyed ends without an error, with what it had begun", async () => {
  const { stream, taken, output, settle } = world();
  stream.write("one\ntw");
  await settle();
  stream.destroy();
  await output.ended;
  expect(taken).toEqual(["one", "tw"]);
});
