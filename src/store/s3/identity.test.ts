import { expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import { Doubt } from "../remote/doubt.ts";
import { Identity } from "./identity.ts";
import { FakeClock } from "./scripted.fixture.ts";
import type { Credentials } from "./sign.ts";

const gone = () => new EntrepotError("unreachable", "nobody there");

/** A provider whose answers are given one by one, and who counts how often he is asked. */
function bench(lifeMs = 3_600_000) {
  const clock = new FakeClock();
  const waiting: { resolve(credentials: Credentials): void; reject(reason: unknown): void }[] = [];
  let asked = 0;
  const provider = () => {
    asked += 1;
    return new Promise<Credentials>((resolve, reject) => waiting.push({ resolve, reject }));
  };
  const identity = new Identity(provider, clock);
  return {
    clock,
    identity,
    asked: () => asked,
    fail: (reason: unknown) => waiting.shift()?.reject(reason),
    give: (accessKeyId: string) =>
      waiting.shift()?.resolve({ accessKeyId, secretAccessKey: "s", expiresMs: clock.nowMs + lifeMs }),
    key: async () => (await identity.signer("r"))?.credentials.accessKeyId,
  };
}

/** Lets what is settled be noticed. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function started(lifeMs?: number) {
  const one = bench(lifeMs);
  const first = one.key();
  one.give("A");
  await first;
  return one;
}

test("a thousand callers ask once", async () => {
  const { key, give, asked } = bench();
  const all = Array.from({ length: 1_000 }, key);
  give("A");
  expect(new Set(await Promise.all(all))).toEqual(new Set(["A"]));
  expect(asked()).toBe(1);
});

test("five minutes before the end one asks in the background, and nobody waits", async () => {
  const { clock, key, give, asked } = await started();
  clock.nowMs += 3_600_000 - 299_000;
  expect(await Promise.all(Array.from({ length: 100 }, key))).toEqual(Array(100).fill("A"));
  expect(asked()).toBe(2);
  give("B");
  await turn();
  expect(await key()).toBe("B");
});

test("half a minute before the end all wait for the new ones", async () => {
  const { clock, key, give, asked } = await started();
  clock.nowMs += 3_600_000 - 29_000;
  const all = [key(), key()];
  give("B");
  expect(await Promise.all(all)).toEqual(["B", "B"]);
  expect(asked()).toBe(2);
});

test("a failed renewal keeps what holds, rests, and tries again", async () => {
  const { clock, key, fail, give, asked } = await started();
  clock.nowMs += 3_600_000 - 299_000;
  await key();
  fail(gone());
  await turn();
  for (let request = 0; request < 100; request++) expect(await key()).toBe("A");
  expect(asked()).toBe(2);
  clock.nowMs += 10_000;
  expect(await key()).toBe("A");
  expect(asked()).toBe(3);
  give("B");
  await turn();
  expect(await key()).toBe("B");
});

test("what has ended is not used, whatever fails", async () => {
  const { clock, key, fail } = await started();
  clock.nowMs += 3_600_000;
  const late = key();
  fail(gone());
  await expect(late).rejects.toMatchObject({ code: "unreachable" });
});

test("a provider whose credentials end at once is not asked for each request", async () => {
  const { clock, key, asked } = await started(20_000);
  for (let request = 0; request < 100; request++) expect(await key()).toBe("A");
  expect(asked()).toBe(1);
  clock.nowMs += 10_000;
  void key();
  expect(asked()).toBe(2);
});

test("a request that nobody would sign leaves no doubt: it was not sent", async () => {
  const { key, fail } = bench();
  const first = key();
  fail(gone());
  const doubt = new Doubt();
  doubt.onFailure(await first.catch((error: unknown) => error));
  expect(doubt.exists).toBe(false);
  doubt.onFailure(gone());
  expect(doubt.exists).toBe(true);
});
