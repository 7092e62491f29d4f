/** What is used of `@opentelemetry/api`, by shape: its own tracer and meter fit, and so does anything of the same form. */

export type OtelAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface OtelSpan {
  setAttribute(name: string, value: string): unknown;
  /** 2 is an error. */
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  /** Milliseconds since 1970. */
  end(endTime?: number): void;
}

export interface OtelSpanOptions {
  /** 0 is internal, 2 a client's request. */
  readonly kind?: number;
  /** Milliseconds since 1970. */
  readonly startTime?: number;
  readonly attributes?: OtelAttributes;
}

export interface OtelTracer {
  /** The parent is the active span. */
  startSpan(name: string, options?: OtelSpanOptions): OtelSpan;
  /** The new span is active while `run` runs. */
  startActiveSpan<T>(name: string, options: OtelSpanOptions, run: (span: OtelSpan) => T): T;
}

export interface OtelInstrumentOptions {
  readonly description?: string;
  readonly unit?: string;
  readonly advice?: { readonly explicitBucketBoundaries?: number[] };
}

export interface OtelMeter {
  createHistogram(
    name: string,
    options?: OtelInstrumentOptions,
  ): { record(value: number, attributes?: OtelAttributes): void };
  createCounter(
    name: string,
    options?: OtelInstrumentOptions,
  ): { add(value: number, attributes?: OtelAttributes): void };
}
