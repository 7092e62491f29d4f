import { expect, test } from "vitest";
import { Gate } from "./gate.ts";

test("two at a time, the next when one has ended, in the order in which they came", async () => {
  const gate = new Gate(2);
  const signal = new AbortController().signal;
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const all = [0, 1, 2, 3].map((at) =>
    gate.pass(() => {
      begun.push(at);
      return new Promise<void>((resolve) => ends.push(resolve));
    }, signal),
  );
  expect(begun).toEqual([0, 1]);
  ends[1]?.();
  await all[1];
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.();
  ends[2]?.();
  await all[2];
  await settled();
  expect(begun).toEqual([0, 1, 2, 3]);
  // two places are there again, and no third
  ends[3]?.();
  await Promise.all(all);
  const later = [4, 5, 6].map((at) =>
    gate.pass(() => {
      begun.push(at);
      return new Promise<void>((resolve) => ends.push(resolve));
    }, signal),
  );
  expect(begun.slice(4)).toEqual([4, 5]);
  ends[4]?.();
  await later[0];
  await settled();
  for (const end of ends.slice(5)) end();
  await Promise.all(later);
});

test("who goes away while waiting gives the turn up, and one that fails gives it on", async () => {
  const gate = new Gate(2);
  const signal = new AbortController().signal;
  const gone = new AbortController();
  const ends: (() => void)[] = [];
  const hold = () => new Promise<void>((resolve) => ends.push(resolve));
  const first = [gate.pass(hold, signal), gate.pass(hold, signal)];
  const left = gate.pass(async () => expect.unreachable(), gone.signal);
  const failing = gate.pass(() => Promise.reject(new Error("no table")), signal);
  const last = gate.pass(async () => "shown", signal);
  gone.abort("gone");
  await expect(left).rejects.toBe("gone");
  ends[0]?.();
  await expect(failing).rejects.toThrow("no table");
  expect(await last).toBe("shown");
  ends[1]?.();
  await Promise.all(first);
  await expect(gate.pass(async () => 1, gone.signal)).rejects.toBe("gone");
});

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
