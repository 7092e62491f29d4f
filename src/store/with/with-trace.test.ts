import { expect, expectTypeOf, test, vi } from "vitest";
import { EntrepotError, type ErrorCode } from "../../error/index.ts";
import { scriptTransport } from "../../testing/index.ts";
import { openHttpStore } from "../http/index.ts";
import { openMemoryStore } from "../memory/index.ts";
import type { BodySink, ObjectStore } from "../object-store.ts";
import { FakeClock, object } from "../s3/scripted.fixture.ts";
import { type StoreTraceEvent, withFaults, withTrace } from "./index.ts";

function traced(inner: ObjectStore = openMemoryStore()) {
  const clock = new FakeClock();
  clock.nowMs = 1000;
  const events: StoreTraceEvent[] = [];
  const slow = withFaults(inner, { before: () => clock.sleep(5) });
  return { inner, events, store: withTrace(slow, (event) => void events.push(event), { clock }) };
}

const nowhere: BodySink = { start: () => undefined, write: () => undefined };

test("each call is told when it begins and when it has ended, with its address, bytes, duration and outcome", async () => {
  const { store, events } = traced();
  await store.write("doc", new Uint8Array(10));
  await store.read("doc", nowhere, { range: { start: 4 } });
  const write = { number: 1, method: "write", uri: "memory:///doc", startedMs: 1000 };
  const read = { number: 2, method: "read", uri: "memory:///doc", startedMs: 1005 };
  expect(events).toEqual([
    { type: "begun", ...write },
    { type: "ended", ...write, durationMs: 5, bytes: 10, outcome: "ok" },
    { type: "begun", ...read },
    { type: "ended", ...read, durationMs: 5, bytes: 6, outcome: "ok" },
  ]);
});

test("an outcome is the error's code, not-modified, aborted, or error for what is not ours", async () => {
  const { store, inner, events } = traced();
  const { etag } = await inner.write("doc", new Uint8Array(1));
  const broken: BodySink = {
    start: () => {
      throw new Error("mine");
    },
    write: () => undefined,
  };
  await store.read("doc", nowhere, { ifNoneMatch: etag });
  await expect(store.stat("none")).rejects.toThrow();
  await expect(store.stat("doc", { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  await expect(store.read("doc", broken)).rejects.toThrow("mine");
  const outcomes = events.flatMap((event) => (event.type === "ended" ? [event.outcome] : []));
  expect(outcomes).toEqual(["not-modified", "not-found", "aborted", "error"]);
});

test("a listing is one call per page, and the last finds that there is no more", async () => {
  const { store, inner, events } = traced();
  for (const key of ["p/a", "p/b"]) await inner.write(key, new Uint8Array(1));
  for await (const _ of store.list({ prefix: "p/", pageSize: 1 }));
  const pages = events.filter(({ type }) => type === "ended").map(({ method, uri }) => `${method} ${uri}`);
  expect(pages).toEqual(Array.from({ length: 3 }, () => "list memory:///p/"));
});

test("the signature in a web address is not told", async () => {
  const transport = scriptTransport(() => object("text", '"a"'));
  const { store, events } = traced(openHttpStore({ origin: "https://data.example.org", transport }));
  await store.read("doc?X-Amz-Signature=secret", nowhere);
  expect(events.map(({ uri }) => uri)).toEqual(["https://data.example.org/doc", "https://data.example.org/doc"]);
  expect(JSON.stringify(events)).not.toContain("secret");
});

test("a tracer that throws, at once or later, breaks no call and is one warning", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  try {
    const store = withTrace(openMemoryStore(), () => {
      throw new Error("tracer is broken");
    });
    await store.write("doc", new Uint8Array(1));
    await store.stat("doc");
    expect(warn).toHaveBeenCalledTimes(1);
    expect(String(warn.mock.calls[0]?.[0])).toContain("tracer is broken");
    const later = withTrace(openMemoryStore(), (async () => {
      throw new EntrepotError("io", "later");
    }) as () => void);
    await later.write("doc", new Uint8Array(1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(warn).toHaveBeenCalledTimes(2);
  } finally {
    warn.mockRestore();
  }
});

test("events are told apart by their type", () => {
  expectTypeOf<StoreTraceEvent["type"]>().toEqualTypeOf<"begun" | "ended">();
  type Ended = Extract<StoreTraceEvent, { type: "ended" }>;
  expectTypeOf<Ended["outcome"]>().toEqualTypeOf<ErrorCode | "ok" | "not-modified" | "aborted" | "error">();
  // @ts-expect-error: no such event
  const misspelt = ({ type }: StoreTraceEvent) => type === "end";
  expect(misspelt).toBeDefined();
});
