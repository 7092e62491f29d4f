/**
 * OpenTelemetry for a depot, as an adapter: it turns events into spans and metrics, and depends on the shape of the API only.
 * Nothing is measured that the events do not tell.
 */
import { type Check, isFunction, mistakeInValues, wrongValue } from "../../error/index.ts";
import type { Depot } from "../depot.ts";
import type { DepotEvent } from "../options.ts";
import { processWarnings } from "../process-warnings.ts";
import type { OtelMeter, OtelTracer } from "./otel-shapes.ts";
import { addressOf, errorTypeOf, metricAttributes, type RequestDone, spanAttributes } from "./request-attributes.ts";
import { tracedDepot } from "./traced-depot.ts";

export interface TelemetryOptions {
  /** Makes the spans, e.g. `trace.getTracer("my-program")` of `@opentelemetry/api`. Default: no spans. */
  readonly tracer?: OtelTracer | undefined;
  /** Makes the metrics, e.g. `metrics.getMeter("my-program")`. Default: no metrics. */
  readonly meter?: OtelMeter | undefined;
  /** Told of every event afterwards. Default: warnings go once each to `process.emitWarning`, as without telemetry. */
  readonly onEvent?: ((event: DepotEvent) => void) | undefined;
}

export interface Telemetry {
  /**
   * For `entrepot({ onEvent })`. Each request is a client span whose parent is the span that was active when its call was made, and
   * is counted in `http.client.request.duration` (seconds), `http.client.request.body.size` and `http.client.response.body.size`
   * (bytes); `entrepot.retries`, `entrepot.cache.stale`, `entrepot.queued`, `entrepot.slowed` and `entrepot.warnings` count the rest.
   */
  readonly onEvent: (event: DepotEvent) => void;
  /** The same depot, each of whose calls that gives a promise is a span of its own, above those of its requests. */
  trace<D extends Depot>(depot: D): D;
}

const having =
  (...methods: readonly string[]): Check =>
  (value, name, what) =>
    methods.every((method) => typeof (value as Record<string, unknown> | null)?.[method] === "function")
      ? undefined
      : wrongValue(name, what, `an object with ${methods.join(" and ")}`, value);
const checks: ReadonlyMap<string, Check> = new Map([
  ["tracer", having("startSpan", "startActiveSpan")],
  ["meter", having("createHistogram", "createCounter")],
  ["onEvent", isFunction],
]);

/** TypeError for what has not their shape. Opens nothing and needs no close: spans and metrics go where the tracer and the meter send them. */
export function openTelemetry(options: TelemetryOptions): Telemetry {
  if (options === undefined) throw new TypeError("openTelemetry() takes { tracer, meter }, one of them at least");
  const mistake = mistakeInValues("openTelemetry()", options, checks);
  if (mistake !== undefined) throw mistake;
  const { tracer, meter, onEvent = processWarnings() } = options;
  const measure = meter === undefined ? undefined : measures(meter);
  return {
    onEvent(event) {
      try {
        if (event.type === "request" && tracer !== undefined) span(tracer, event);
        measure?.(event);
      } finally {
        onEvent(event);
      }
    },
    trace: (depot) => (tracer === undefined ? depot : tracedDepot(depot, tracer)),
  };
}

function span(tracer: OtelTracer, event: RequestDone): void {
  const attributes = spanAttributes(event);
  const made = tracer.startSpan(event.method, { kind: 2, startTime: event.startedMs, attributes });
  if (errorTypeOf(event) !== undefined) made.setStatus({ code: 2 });
  made.end(event.startedMs + event.ms);
}

/** The conventions' own, seconds. */
const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

function measures(meter: OtelMeter): (event: DepotEvent) => void {
  const bytes = (what: string) => ({ unit: "By", description: `Size of ${what} bodies` });
  const duration = meter.createHistogram("http.client.request.duration", {
    unit: "s",
    description: "Duration of HTTP client requests",
    advice: { explicitBucketBoundaries: durationBounds },
  });
  const sent = meter.createHistogram("http.client.request.body.size", bytes("HTTP client request"));
  const received = meter.createHistogram("http.client.response.body.size", bytes("HTTP client response"));
  const counter = (name: string, unit: string, description: string) => meter.createCounter(name, { unit, description });
  const retries = counter("entrepot.retries", "{retry}", "Requests that failed and are tried again");
  const stale = counter("entrepot.cache.stale", "{read}", "Reads of a copy that could not be confirmed");
  const queued = counter("entrepot.queued", "{change}", "Changes that wait to be sent, and reads of what waits");
  const slowed = counter(
    "entrepot.slowed",
    "{slowdown}",
    "Times a server was asked less because it said that this was too much",
  );
  const warnings = counter("entrepot.warnings", "{warning}", "Warnings");
  return (event) => {
    switch (event.type) {
      case "request": {
        const attributes = metricAttributes(event);
        duration.record(event.ms / 1000, attributes);
        sent.record(event.sentBytes, attributes);
        received.record(event.receivedBytes, attributes);
        return;
      }
      case "retry":
        return retries.add(1);
      case "stale":
        return stale.add(1);
      case "queued":
        return queued.add(1, { "entrepot.operation": event.operation });
      case "slowed":
        return slowed.add(1, { "server.address": addressOf(event.origin) });
      case "warning":
        return warnings.add(1, { "error.type": event.error.code });
    }
  };
}
