/** A read whose caller has something to fall back on: little patience for an answer, all of it for the rest of one. */
import { expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import { defaultRetryPolicy, singleAttempt } from "../retry-policy.ts";
import { broken, object, refusal, scripted, serve, TextSink, ten } from "./scripted.fixture.ts";

const quick = { untilStarted: { retry: singleAttempt, timeouts: { connectMs: 2, firstByteMs: 5 } } };
const timeouts = { connectMs: 1_000, firstByteMs: 1_000 };
const unreachable = () => new EntrepotError("unreachable", "nobody answers");

test("a server that cannot be reached is asked once, with the bounds for that", async () => {
  const { bucket, transport } = scripted(() => {
    throw unreachable();
  });
  await expect(bucket.read("k", new TextSink(), { ...quick, timeouts })).rejects.toMatchObject({ code: "unreachable" });
  expect(transport.requests.map((request) => request.timeouts)).toEqual([quick.untilStarted.timeouts]);
});

test("a busy server is asked once", async () => {
  const { bucket, transport } = scripted(() => refusal(503, "SlowDown"));
  await expect(bucket.read("k", new TextSink(), quick)).rejects.toMatchObject({ code: "throttled" });
  expect(transport.requests).toHaveLength(1);
});

test("a body that breaks off is continued with the call's own patience and bounds", async () => {
  const { bucket, transport } = scripted((request, n) => {
    if (n === 2 || n === 3) throw unreachable();
    return n === 1
      ? { ...serve(request, ten, '"a"'), cut: { afterBytes: 4, error: broken() } }
      : serve(request, ten, '"a"');
  });
  const sink = new TextSink();
  await bucket.read("k", sink, { ...quick, timeouts, retry: { ...defaultRetryPolicy, attempts: 4 } });
  expect([sink.text, sink.starts]).toEqual([ten, 1]);
  expect(transport.requests.map((request) => request.timeouts)).toEqual([
    quick.untilStarted.timeouts,
    ...Array(3).fill(timeouts),
  ]);
});

test("a read that starts again in the middle keeps its patience", async () => {
  const { bucket } = scripted((request, n) => {
    if (n === 1) return { ...object(ten, 'W/"a"'), cut: { afterBytes: 4, error: broken() } };
    if (n === 2) throw unreachable();
    return serve(request, "abcdefghij", 'W/"a"');
  });
  const sink = new TextSink(true);
  await bucket.read("k", sink, quick);
  expect([sink.text, sink.starts]).toEqual(["abcdefghij", 2]);
});
