import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { type DepotEvent, entrepot, openTelemetry } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";

const spans = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const tracer = provider.getTracer("test");

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(async () => {
  context.disable();
  await provider.shutdown();
});
beforeEach(() => spans.reset());

const named = (name: string) => spans.getFinishedSpans().filter((span) => span.name === name);

test("a request is a client span in the words of the conventions, below the span that was active", async () => {
  await using server = await startS3Server({ buckets: ["bucket"] });
  const { onEvent } = openTelemetry({ tracer });
  await using data = entrepot({ ...server.options, cache: false, onEvent });
  const port = Number(new URL(server.options.endpoint).port);
  const parents = ["one", "two"].map((name) =>
    tracer.startActiveSpan(name, async (span) => {
      await data.writeText(`s3://bucket/in a/${name}?.txt`, "hello");
      span.end();
      return span.spanContext();
    }),
  );
  const contexts = await Promise.all(parents);
  expect(named("PUT")).toHaveLength(2);
  for (const [index, name] of ["one", "two"].entries()) {
    const key = `in a/${name}?.txt`;
    const span = named("PUT").find(({ attributes }) => attributes["aws.s3.key"] === key);
    expect(span?.kind).toBe(SpanKind.CLIENT);
    expect(span?.parentSpanContext?.spanId).toBe(contexts[index]?.spanId);
    expect(span?.spanContext().traceId).toBe(contexts[index]?.traceId);
    expect(span?.attributes).toEqual({
      "http.request.method": "PUT",
      "http.response.status_code": 200,
      "server.address": "127.0.0.1",
      "server.port": port,
      "url.scheme": "http",
      "aws.s3.bucket": "bucket",
      "aws.s3.key": key,
      "http.request.body.size": 5,
      "http.response.body.size": 0,
    });
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
    expect(Math.abs((span?.startTime[0] ?? 0) * 1000 - Date.now())).toBeLessThan(60_000);
  }
});

test("a refusal and a cut body are errors, and the next try says which it is", async () => {
  await using server = await startS3Server({ buckets: ["bucket"] });
  await using data = entrepot({ ...server.options, cache: false, onEvent: openTelemetry({ tracer }).onEvent });
  await data.writeText("s3://bucket/a", "hello");
  server.inject(
    { method: "GET", effect: { status: 503, code: "SlowDown", retryAfterSeconds: 0 } },
    { method: "GET", effect: { cutAfterBytes: 2 } },
  );
  expect(await data.readText("s3://bucket/a")).toBe("hello");
  const told = named("GET").map(({ attributes, status }) => [
    attributes["http.response.status_code"],
    attributes["error.type"],
    attributes["http.request.resend_count"],
    status.code,
  ]);
  expect(told).toEqual([
    [503, "503", undefined, SpanStatusCode.ERROR],
    [200, "truncated", 1, SpanStatusCode.ERROR],
    [206, undefined, 2, SpanStatusCode.UNSET],
  ]);
});

test("a traced depot has a span per call with its requests below it, also when it fails, and when derived", async () => {
  await using server = await startS3Server({ buckets: ["bucket"] });
  const telemetry = openTelemetry({ tracer });
  await using data = telemetry.trace(entrepot({ ...server.options, cache: false, onEvent: telemetry.onEvent }));
  await data.with({ concurrency: 2 }).writeText("s3://bucket/a", "hello");
  const [call] = named("entrepot.writeText");
  expect(call?.attributes).toEqual({ "entrepot.verb": "writeText", "entrepot.address": "s3://bucket/a" });
  expect(named("PUT")[0]?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId);
  await expect(data.readText("s3://bucket/none")).rejects.toMatchObject({ code: "not-found" });
  const [failed] = named("entrepot.readText");
  expect(failed?.attributes["error.type"]).toBe("not-found");
  expect(failed?.status.code).toBe(SpanStatusCode.ERROR);
  const uris: string[] = [];
  for await (const { uri } of data.list("s3://bucket/")) uris.push(uri);
  expect(uris).toEqual(["s3://bucket/a"]);
});

test("requests, retries and warnings are metrics, durations in seconds", async () => {
  await using server = await startS3Server({ buckets: ["bucket"] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meters = new MeterProvider({ readers: [reader] });
  const seen: DepotEvent["type"][] = [];
  const onEvent = ({ type }: DepotEvent) => void seen.push(type);
  const telemetry = openTelemetry({ meter: meters.getMeter("test"), onEvent });
  await using data = entrepot({ ...server.options, cache: false, onEvent: telemetry.onEvent });
  await data.writeText("s3://bucket/a", "hello");
  server.inject({ method: "GET", effect: { status: 503, code: "SlowDown", retryAfterSeconds: 0 } });
  await data.readText("s3://bucket/a");
  await data.readText("s3://bucket/none", { onError: "warn" });
  await meters.forceFlush();
  const metrics = exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? [];
  const points = (name: string) => metrics.find(({ descriptor }) => descriptor.name === name);
  const unit = (name: string) => points(name)?.descriptor.unit;
  const duration = points("http.client.request.duration");
  const ofGets = duration?.dataPoints.find(
    ({ attributes }) => attributes["http.request.method"] === "GET" && attributes["http.response.status_code"] === 200,
  );
  expect(ofGets?.value).toMatchObject({ count: 1 });
  const { sum } = (ofGets?.value ?? { sum: Number.NaN }) as { sum: number };
  expect(sum).toBeLessThan(60);
  expect(Object.keys(ofGets?.attributes ?? {})).not.toContain("aws.s3.key");
  expect([unit("http.client.request.duration"), unit("http.client.response.body.size")]).toEqual(["s", "By"]);
  expect(points("entrepot.retries")?.dataPoints[0]?.value).toBe(1);
  expect(points("entrepot.warnings")?.dataPoints[0]).toMatchObject({
    value: 1,
    attributes: { "error.type": "not-found" },
  });
  expect(points("entrepot.slowed")?.dataPoints[0]).toMatchObject({
    value: 1,
    attributes: { "server.address": "127.0.0.1" },
  });
  expect(seen).toEqual(["request", "slowed", "request", "retry", "request", "request", "warning"]);
  await meters.shutdown();
});

test("a copy that could not be confirmed is counted", async () => {
  const counted: string[] = [];
  const meter = {
    createHistogram: () => ({ record: () => undefined }),
    createCounter: (name: string) => ({ add: (value: number) => void counted.push(`${name} ${value}`) }),
  };
  openTelemetry({ meter }).onEvent({ type: "stale", uri: "s3://bucket/a", ageMs: 1000 });
  expect(counted).toEqual(["entrepot.cache.stale 1"]);
});

test("with telemetry and nobody else listening, warnings still reach the process, once each", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  try {
    await using data = entrepot({ cache: false, onEvent: openTelemetry({ tracer }).onEvent });
    for (let call = 0; call < 2; call += 1) await data.readText("memory:///none", { onError: "warn" });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[1]).toMatchObject({ type: "EntrepotWarning", code: "not-found" });
  } finally {
    warn.mockRestore();
  }
});

test("no credential and no query reaches a span", async () => {
  await using server = await startS3Server({ buckets: ["bucket"] });
  const telemetry = openTelemetry({ tracer });
  await using data = telemetry.trace(entrepot({ ...server.options, cache: false, onEvent: telemetry.onEvent }));
  await data.writeText("s3://bucket/a", "hello");
  const url = await data.presign("s3://bucket/a");
  expect(await data.readText(url)).toBe("hello");
  expect(named("GET")[0]?.attributes["url.full"]).toBe(`${server.options.endpoint}/bucket/a`);
  const told = JSON.stringify(spans.getFinishedSpans().map(({ name, attributes }) => [name, attributes]));
  expect(told).not.toContain("X-Amz");
  expect(told).not.toContain(server.options.credentials.secretAccessKey);
});

test("the API's own tracer fits", () => {
  expect(openTelemetry({ tracer: trace.getTracer("x") }).onEvent).toBeTypeOf("function");
});
