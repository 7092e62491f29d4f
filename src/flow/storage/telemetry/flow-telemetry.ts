/**
 * OpenTelemetry for flows, as an adapter: each node is a span. Depends on the shape of the API only, as that of depots does; the two
 * fit together, so that the requests of a node lie below its span.
 */
import type { OtelAttributes, OtelSpan, OtelTracer } from "../../../depot/index.ts";
import { type Check, isEntrepotError, isFunction, mistakeInValues, wrongValue } from "../../../error/index.ts";
import type { DriverSettings, NodeInfo, RunEvent } from "../../core/index.ts";

export interface FlowTelemetryOptions {
  /** Makes the spans, e.g. `trace.getTracer("my-program")` of `@opentelemetry/api`. */
  readonly tracer: OtelTracer;
  /** Told of every event afterwards. */
  readonly onEvent?: DriverSettings["onEvent"];
}

const isTracer: Check = (value, name, what) =>
  ["startSpan", "startActiveSpan"].every(
    (method) => typeof (value as Record<string, unknown> | null)?.[method] === "function",
  )
    ? undefined
    : wrongValue(name, what, "an object with startSpan and startActiveSpan", value);
const checks: ReadonlyMap<string, Check> = new Map([
  ["tracer", isTracer],
  ["onEvent", isFunction],
]);

/**
 * For `driver(flow, { ...flowTelemetry({ tracer }) })`. Each node that runs is a span of its name, active while it runs, whose parent is
 * the span that was active when the execution was called, or that of the `each` which it is an item of; a node that was found where
 * results are kept is a span without a duration. Attributes: `entrepot.node.how` (`"run"` or `"hit"`), `entrepot.node.module`,
 * `entrepot.node.variant` where a configuration chose one, `error.type` (a code, or the name of the error) for what failed. TypeError for what has not their shape.
 */
export function flowTelemetry(options: FlowTelemetryOptions): Required<Pick<DriverSettings, "around">> & {
  readonly onEvent: (event: RunEvent) => void;
} {
  if (options?.tracer === undefined) throw new TypeError("flowTelemetry() takes { tracer }");
  const mistake = mistakeInValues("flowTelemetry()", options, checks);
  if (mistake !== undefined) throw mistake;
  const { tracer, onEvent } = options;
  return {
    around: (node, next) =>
      tracer.startActiveSpan(node.name, { kind: 0, attributes: attributesOf(node) }, (span) => ended(span, next)),
    onEvent(event) {
      try {
        if (event.type !== "node-end" || event.how !== "hit") return;
        const { node, variant } = event;
        tracer.startSpan(node, { kind: 0, attributes: { "entrepot.node.how": "hit", ...variantOf(variant) } }).end();
      } finally {
        onEvent?.(event);
      }
    },
  };
}

function attributesOf({ module, variant }: NodeInfo): OtelAttributes {
  return { "entrepot.node.how": "run", "entrepot.node.module": module, ...variantOf(variant) };
}

function variantOf(variant: string | undefined): OtelAttributes {
  return variant === undefined ? {} : { "entrepot.node.variant": variant };
}

async function ended(span: OtelSpan, next: () => Promise<unknown>): Promise<unknown> {
  try {
    return await next();
  } catch (error) {
    span.setAttribute("error.type", typeOf(error));
    span.setStatus({ code: 2 });
    throw error;
  } finally {
    span.end();
  }
}

function typeOf(error: unknown): string {
  if (isEntrepotError(error)) return error.code;
  return error instanceof Error ? error.name : "other";
}
