import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { readLines } from "./output-lines.ts";

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A clock that stands still until it is let go on; before each second of it something may be said. */
function secondsOf(said: (second: number) => void) {
  const slept: number[] = [];
  return {
    slept,
    clock: {
      async sleep(ms: number, signal?: AbortSignal) {
        slept.push(ms);
        said(slept.length);
        await settled();
        await settled();
        signal?.throwIfAborted();
      },
    },
  };
}

test("who goes on to talk after the end of the program is listened to for two seconds", async () => {
  const [stream, lines] = [new PassThrough(), [] as string[]];
  const output = readLines(stream, async (line) => void lines.push(line));
  stream.write("before\n");
  const { clock, slept } = secondsOf((second) => stream.write(`tick ${second}\n`));
  await output.lastWords(clock);
  stream.destroy();
  await output.ended;
  expect(slept).toEqual([1_000, 1_000]);
  expect(lines).toEqual(["before", "tick 1", "tick 2"]);
});

test("one that is quiet for a second is not waited for, nor one that has closed", async () => {
  const [quiet, closed] = [new PassThrough(), new PassThrough()];
  const { clock, slept } = secondsOf(() => undefined);
  const output = readLines(quiet, async () => undefined);
  await output.lastWords(clock);
  quiet.destroy();
  await output.ended;
  expect(slept).toEqual([1_000]);
  const other = readLines(closed, async () => undefined);
  closed.end("last");
  await other.lastWords(clock);
  await other.ended;
});

test("who says more than 1 MiB is cut off at once", async () => {
  const [stream, piece] = [new PassThrough(), Buffer.alloc(65_536, "0123456\n")];
  const output = readLines(stream, async () => undefined);
  const never = {
    sleep: (_: number, signal?: AbortSignal) => once(signal as AbortSignal, "abort").then(() => undefined),
  };
  const last = output.lastWords(never);
  let pieces = 0;
  while (!stream.destroyed) {
    stream.write(piece, () => undefined);
    pieces += 1;
    await settled();
  }
  await last;
  expect(pieces).toBeLessThan(32);
});

test("after the end of the program nobody waits until its lines are taken, and before it they do", async () => {
  const [stream, given] = [new PassThrough(), [] as string[]];
  const output = readLines(stream, (line) => {
    given.push(line);
    return new Promise(() => undefined);
  });
  stream.write("one\n");
  await settled();
  stream.write("two\n");
  await settled();
  expect(given).toEqual(["one"]);
  stream.end("three");
  await output.lastWords({ sleep: async () => settled().then(() => undefined) });
  await output.ended;
  expect(given).toEqual(["one", "two", "three"]);
});

test("an output that closes is told to its last line, also where that has no end", async () => {
  const [stream, lines] = [new PassThrough(), [] as string[]];
  const output = readLines(stream, async (line) => void lines.push(line));
  stream.end("one\ntwo\nthr");
  await output.lastWords(secondsOf(() => undefined).clock);
  await output.ended;
  expect(lines).toEqual(["one", "two", "thr"]);
});

test("an output that is destroyed ends without an error, with what it had begun", async () => {
  const [stream, lines] = [new PassThrough(), [] as string[]];
  const output = readLines(stream, async (line) => void lines.push(line));
  stream.write("one\ntw");
  await settled();
  stream.destroy();
  await output.ended;
  expect(lines).toEqual(["one", "tw"]);
});
