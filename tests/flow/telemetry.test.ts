/** Each node is a span: below that of the caller, above the requests that it makes; what was found is one, too. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context, SpanStatusCode } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { entrepot, openTelemetry } from "entrepot";
import { cached, choose, dataflow, driver, each, flowTelemetry, type RunEvent, subflow } from "entrepot/flow";
import { startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const exporter = new InMemorySpanExporter();
const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer("flow");
beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());
beforeEach(() => exporter.reset());

const named = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);
const family = () => {
  const finished = exporter.getFinishedSpans();
  const nameOf = (id: string | undefined) => finished.find((span) => span.spanContext().spanId === id)?.name;
  return finished.map((span) => `${span.name} < ${nameOf(span.parentSpanContext?.spanId)}`).sort();
};
const inRun = (work: () => Promise<unknown>) =>
  tracer.startActiveSpan("run", async (span) => {
    await work();
    span.end();
  });

test("nodes lie below the caller's span and above their own requests; a failure is told by its cause", async () => {
  await using server = await startS3Server({ buckets: ["bucket"] });
  await using data = entrepot({ ...server.options, cache: false, onEvent: openTelemetry({ tracer }).onEvent });
  const nodes = {
    rows: choose("source", { s3: ({ path }: { path: string }) => data.readLines(path), none: () => [] }),
    mean: ({ rows }: { rows: string[] }) => rows.length,
  };
  const run = driver(dataflow({ nodes }).inputs<{ path: string }>(), {
    ...flowTelemetry({ tracer }),
    config: { source: "s3" },
  });
  await data.writeText("s3://bucket/a", "1\n2\n");
  exporter.reset();
  await inRun(() => run.execute(["mean"], { inputs: { path: "s3://bucket/a" } }));
  expect(family()).toEqual(["GET < rows", "mean < run", "rows < run", "run < undefined"]);
  const attributes = { "entrepot.node.how": "run", "entrepot.node.module": "nodes" };
  expect(named("rows")[0]?.attributes).toEqual({ ...attributes, "entrepot.node.variant": "s3" });
  expect(named("mean")[0]?.attributes).toEqual(attributes);
  expect(named("mean")[0]?.status.code).toBe(SpanStatusCode.UNSET);

  exporter.reset();
  await inRun(() => run.settle(["mean"], { inputs: { path: "s3://bucket/none" } }));
  expect(named("rows")[0]?.attributes["error.type"]).toBe("not-found");
  expect(named("rows")[0]?.status.code).toBe(SpanStatusCode.ERROR);
  expect(named("mean")).toEqual([]);
});

test("nodes of a flow for each item lie below the node that it is an item of", async () => {
  const inner = dataflow({ m: { double: ({ n }: { n: number }) => n * 2 } }).inputs<{ n: number }>();
  const nodes = { ns: () => [1, 2], all: each("ns", subflow(inner, { outputs: ["double"] }), { as: "n" }) };
  const run = driver(dataflow({ nodes }), flowTelemetry({ tracer }));
  await inRun(() => run.execute(["all"]));
  expect(family()).toEqual(["all < run", "all.double < all", "all.double < all", "ns < run", "run < undefined"]);
});

test("what was found where results are kept is a span without a duration; a listener is told afterwards", async () => {
  const results = await mkdtemp(join(tmpdir(), "entrepot-spans-"));
  const told: RunEvent["type"][] = [];
  const nodes = { slow: choose("speed", { fast: cached(() => 1), slow: cached(() => 2) }) };
  const telemetry = flowTelemetry({ tracer, onEvent: ({ type }) => void told.push(type) });
  const run = driver(dataflow({ nodes }), { ...telemetry, results, config: { speed: "slow" } });
  await run.execute(["slow"]);
  exporter.reset();
  await inRun(() => run.execute(["slow"]));
  expect(family()).toEqual(["run < undefined", "slow < run"]);
  expect(named("slow")[0]?.attributes).toEqual({ "entrepot.node.how": "hit", "entrepot.node.variant": "slow" });
  expect(told.filter((type) => type === "node-end")).toHaveLength(2);
  await rm(results, { recursive: true });
});

test("what has not the shape of a tracer is refused", () => {
  expect(() => flowTelemetry(undefined as never)).toThrow("{ tracer }");
  expect(() => flowTelemetry({ tracer: {} as never })).toThrow("startActiveSpan");
});
