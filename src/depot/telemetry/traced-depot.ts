/** A depot each of whose calls is a span, with its requests below it. What gives a stream is left as it is: its end is not known. */
import { isEntrepotError } from "../../error/index.ts";
import type { Depot } from "../depot.ts";
import type { OtelSpan, OtelTracer } from "./otel-shapes.ts";

const verbs = [
  ...([
    "readText",
    "readBytes",
    "readJson",
    "readLines",
    "readCsv",
    "readPickle",
    "readRange",
    "readRanges",
    "open",
  ] as const),
  ...([
    "writeText",
    "writeBytes",
    "writeJson",
    "writeLines",
    "writeCsv",
    "writePickle",
    "writeStream",
    "update",
  ] as const),
  ...(["localCopy", "writeFrom", "stat", "exists", "usage", "copy", "move", "remove"] as const),
  ...(["createBucket", "removeBucket", "presign"] as const),
];

type Call = (...given: unknown[]) => Promise<unknown>;

export function tracedDepot<D extends Depot>(depot: D, tracer: OtelTracer): D {
  const traced = Object.fromEntries(verbs.map((verb) => [verb, tracedCall(verb, depot[verb] as Call, tracer)]));
  const derive: Depot["with"] = (overrides) => tracedDepot(depot.with(overrides), tracer);
  // The casts hide nothing: every name keeps the function that it had, called within a span.
  return { ...depot, ...traced, with: derive } as D;
}

function tracedCall(verb: string, call: Call, tracer: OtelTracer): Call {
  return (...given) => {
    const address = addressOf(given[0]);
    const attributes = { "entrepot.verb": verb, ...(address === undefined ? {} : { "entrepot.address": address }) };
    return tracer.startActiveSpan(`entrepot.${verb}`, { kind: 0, attributes }, (span) => ended(span, call, given));
  };
}

async function ended(span: OtelSpan, call: Call, given: unknown[]): Promise<unknown> {
  try {
    return await call(...given);
  } catch (error) {
    span.setAttribute(
      "error.type",
      isEntrepotError(error) ? error.code : error instanceof Error ? error.name : "other",
    );
    span.setStatus({ code: 2 });
    throw error;
  } finally {
    span.end();
  }
}

/** As the caller wrote it, without a query, which may be a signature. */
function addressOf(address: unknown): string | undefined {
  if (typeof address === "string") return address.split("?", 1)[0];
  if (address instanceof URL) return address.href.split("?", 1)[0];
  const named = address as { readonly bucket?: unknown; readonly key?: unknown } | undefined;
  if (typeof named?.bucket !== "string" || typeof named.key !== "string") return undefined;
  return `s3://${named.bucket}/${named.key}`;
}
