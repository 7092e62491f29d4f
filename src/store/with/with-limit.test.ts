import { expect, test } from "vitest";
import { openMemoryStore } from "../memory/index.ts";
import type { ObjectStore } from "../object-store.ts";
import { FakeClock } from "../s3/scripted.fixture.ts";
import { foreign } from "./contract.fixture.ts";
import { sharedLimit, withFaults, withLimit } from "./index.ts";

/** A store whose calls end when they are told to. */
function held() {
  const begun: string[] = [];
  const endings: (() => void)[] = [];
  const store: ObjectStore = {
    ...foreign(openMemoryStore()),
    delete: (key) =>
      new Promise((resolve) => {
        begun.push(key);
        endings.push(resolve);
      }),
  };
  return { store, begun, end: () => endings.shift()?.() };
}

/** Lets everything that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("so many calls run at once and no more, first come first served, over all stores that share the limit", async () => {
  const limit = sharedLimit({ concurrency: 2 });
  const { store, begun, end } = held();
  const one = withLimit(store, limit);
  const two = withLimit(store, limit);
  const calls = [one.delete("a"), two.delete("b"), one.delete("c"), two.delete("d")];
  await settle();
  expect(begun).toEqual(["a", "b"]);
  end();
  await settle();
  expect(begun).toEqual(["a", "b", "c"]);
  end();
  end();
  await settle();
  end();
  await Promise.all(calls);
  expect(begun).toEqual(["a", "b", "c", "d"]);
});

test("who gives up while waiting leaves the queue, and is never sent", async () => {
  const { store, begun, end } = held();
  const limited = withLimit(store, { concurrency: 1 });
  const controller = new AbortController();
  const reason = new Error("enough");
  const first = limited.delete("a");
  const second = limited.delete("b", { signal: controller.signal });
  const third = limited.delete("c");
  controller.abort(reason);
  await expect(second).rejects.toBe(reason);
  end();
  await settle();
  end();
  await Promise.all([first, third]);
  expect(begun).toEqual(["a", "c"]);
  await expect(limited.delete("d", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test("a call that fails gives its place to the next", async () => {
  const limited = withLimit(openMemoryStore(), { concurrency: 1 });
  await expect(limited.stat("none")).rejects.toMatchObject({ code: "not-found" });
  await limited.write("doc", new Uint8Array(1));
});

test("a listing holds a place only while a page is fetched", async () => {
  const inner = openMemoryStore();
  for (const key of ["a", "b"]) await inner.write(key, new Uint8Array(1));
  const limited = withLimit(inner, { concurrency: 1 });
  const sizes: number[] = [];
  for await (const { objects } of limited.list({ pageSize: 1 })) {
    for (const { key } of objects) sizes.push((await limited.stat(key)).sizeBytes);
  }
  expect(sizes).toEqual([1, 1]);
});

test("so many calls a second begin, after those of one second at once", async () => {
  const clock = new FakeClock();
  const startMs = clock.nowMs;
  const begunMs: number[] = [];
  const before = () => void begunMs.push(Math.round(clock.nowMs - startMs));
  const limited = withLimit(withFaults(openMemoryStore(), { before }), { requestsPerSecond: 4, clock });
  for (let call = 0; call < 8; call += 1) await limited.delete("doc");
  expect(begunMs).toEqual([0, 0, 0, 0, 250, 500, 750, 1000]);
});

test("who gives up while waiting for the rate has used nothing of it", async () => {
  let wake: () => void = () => undefined;
  let nowMs = 0;
  const clock = {
    now: () => nowMs,
    random: () => 0,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        wake = () => {
          nowMs += ms;
          resolve();
        };
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  const limited = withLimit(openMemoryStore(), { requestsPerSecond: 1, clock });
  await limited.delete("first");
  const controller = new AbortController();
  const gone = limited.delete("second", { signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(gone).rejects.toThrow("enough");
  const third = limited.delete("third");
  await settle();
  wake();
  await third;
  expect(nowMs).toBe(1000);
});

test("so many bytes a second pass, both ways together, and what is read is held back, not lost", async () => {
  const clock = new FakeClock();
  const startMs = clock.nowMs;
  const passedMs = () => Math.round(clock.nowMs - startMs);
  const inner = openMemoryStore();
  const limited = withLimit(inner, { bytesPerSecond: 1000, clock });
  await limited.write("doc", new Uint8Array(1000));
  expect(passedMs()).toBe(0);
  let read = 0;
  const write = (chunk: Uint8Array): void => {
    read += chunk.byteLength;
  };
  await limited.read("doc", { start: () => undefined, write });
  expect([read, passedMs()]).toEqual([1000, 1000]);
  const open = async function* () {
    for (let piece = 0; piece < 4; piece += 1) yield new Uint8Array(250);
  };
  await limited.write("doc", { sizeBytes: 1000, open });
  expect(passedMs()).toBe(2000);
});

test("a limit with no meaning is a RangeError", () => {
  for (const options of [
    { concurrency: 0 },
    { concurrency: 1.5 },
    { concurrency: Number.NaN },
    { requestsPerSecond: 0 },
    { bytesPerSecond: -1 },
    { bytesPerSecond: Number.NaN },
  ]) {
    expect(() => sharedLimit(options), JSON.stringify(options)).toThrow(RangeError);
  }
});
