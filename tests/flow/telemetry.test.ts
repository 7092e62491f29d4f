/** Each node is a span: the whole adapter is the function given as `around`. */
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { type Around, dataflow, driver } from "entrepot/flow";
import { afterAll, beforeAll, expect, test } from "vitest";

const exporter = new InMemorySpanExporter();
const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer("flow");
beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());

const spans: Around = (node, next) =>
  tracer.startActiveSpan(node.name, async (span) => {
    try {
      return await next();
    } catch (error) {
      span.recordException(error as Error);
      throw error;
    } finally {
      span.end();
    }
  });

test("nodes are spans inside the one that runs the flow; a failure is recorded", async () => {
  const nodes = {
    path: () => "x",
    rows: async ({ path }: { path: string }) =>
      tracer.startActiveSpan("read", (span) => {
        span.end();
        return path.length;
      }),
    mean: ({ rows }: { rows: number }) => {
      if (rows === 1) throw new Error("too few");
      return rows;
    },
  };
  const run = driver(dataflow({ nodes }), { around: spans });
  await tracer.startActiveSpan("run", async (span) => {
    await expect(run.execute(["mean"])).rejects.toThrow("too few");
    span.end();
  });
  const finished = exporter.getFinishedSpans();
  const nameOf = (id: string | undefined) => finished.find((span) => span.spanContext().spanId === id)?.name;
  expect(finished.map((span) => `${span.name} < ${nameOf(span.parentSpanContext?.spanId)}`).sort()).toEqual([
    "mean < run",
    "path < run",
    "read < rows",
    "rows < run",
    "run < undefined",
  ]);
  expect(finished.find(({ name }) => name === "mean")?.events.map(({ name }) => name)).toEqual(["exception"]);
});
