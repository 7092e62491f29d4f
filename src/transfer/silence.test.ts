/** A server that is gone ends the whole; one object that cannot be reached does not. */
import { expect, test } from "vitest";
import { EntrepotError } from "../error/index.ts";
import { openMemoryStore } from "../store/index.ts";
import { type CopyItem, carryOut } from "./index.ts";

const objects = 50;

/** Each try takes ten seconds; `isGone` says which of them find nobody. */
async function copied(isGone: (index: number) => boolean, answeredMs?: () => number) {
  let nowMs = 0;
  const tried: number[] = [];
  const store = openMemoryStore();
  for (let index = 0; index < objects; index += 1) await store.write(`${index}`, new Uint8Array(1));
  const target = openMemoryStore({ uri: "memory:///to/" });
  target.copyFrom = async () => undefined;
  target.write = async (key) => {
    tried.push(Number(key));
    nowMs += 10_000;
    if (isGone(Number(key))) throw new EntrepotError("unreachable", "no connection to nowhere", { uri: key });
    return { etag: "e", sizeBytes: 1, versionId: undefined };
  };
  async function* items(): AsyncGenerator<CopyItem> {
    for (let index = 0; index < objects; index += 1) {
      const key = `${index}`;
      const job = { from: { store, key, uri: `memory:///${key}` }, to: { store: target, key, uri: key }, sizeBytes: 1 };
      yield { kind: "copy", job };
    }
  }
  const error = await carryOut(items(), { concurrency: 1, warn: () => {}, now: () => nowMs, answeredMs }).catch(
    (reason: unknown) => reason,
  );
  return { tried: tried.length, error, now: () => nowMs };
}

test("when nothing has answered for half a minute, the first object that cannot be reached ends the whole with one error", async () => {
  const { tried, error } = await copied((index) => index >= 10);
  expect(tried).toBe(13);
  expect(error).toMatchObject({
    code: "unreachable",
    uri: undefined,
    message: "nothing has answered for 30 s: no connection to nowhere; 37 objects were not tried",
    failures: [],
  });
});

test("as long as others are done, those that cannot be reached are failures of their own", async () => {
  const { tried, error } = await copied((index) => index % 3 > 0);
  expect(tried).toBe(objects);
  expect(error).toMatchObject({ code: "unreachable", message: expect.stringMatching(/^33 of 50 objects failed/) });
});

test("as long as a server answers anything, nothing is given up", async () => {
  const { tried } = await copied(
    () => true,
    () => Number.POSITIVE_INFINITY,
  );
  expect(tried).toBe(objects);
});
