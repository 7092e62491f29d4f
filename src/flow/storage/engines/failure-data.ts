/** A failure as plain data, for its way back from a worker. */
import { EntrepotError, type ErrorCode, errorMeanings, isEntrepotError } from "../../../error/index.ts";

type Plain = string | number | boolean | null;

export interface FailureData {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** Of an error of ours. */
  readonly code?: string | undefined;
  readonly hint?: string | undefined;
  readonly uri?: string | undefined;
  readonly retryable?: boolean | undefined;
  readonly serverCode?: string | undefined;
  /** Single failures of one that had several: ours, and those of an AggregateError. */
  readonly failures?: readonly FailureData[] | undefined;
  /** Own plain properties, such as the `code` of an error of the system. */
  readonly properties?: Readonly<Record<string, Plain>> | undefined;
  readonly cause?: FailureData | { readonly value: Plain } | undefined;
}

const classes: Readonly<Record<string, new (message: string) => Error>> = {
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  URIError,
  EvalError,
};
/** Causes of causes, and failures of one, that go with it. */
const mostCauses = 5;
const mostFailures = 20;

export function failureData(error: unknown, causes: number = mostCauses): FailureData {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack, cause } = error;
  const inner =
    cause === undefined || causes === 0
      ? {}
      : { cause: isPlain(cause) ? { value: cause } : failureData(cause, causes - 1) };
  const several = isEntrepotError(error) ? error.failures : error instanceof AggregateError ? error.errors : [];
  const failures =
    several.length === 0 || causes === 0
      ? {}
      : { failures: several.slice(0, mostFailures).map((one) => failureData(one, causes - 1)) };
  if (!isEntrepotError(error))
    return { name, message, stack, ...inner, ...failures, properties: plainProperties(error) };
  const { code, hint, uri, retryable, serverCode } = error;
  return { name, message, stack, code, hint, uri, retryable, serverCode, ...inner, ...failures };
}

/** An error of the same class where that is one of the language's or ours; its stack is the worker's. */
export function errorOf(data: FailureData): Error {
  const { name, message, stack, code, hint, uri, retryable, serverCode, properties, failures } = data;
  const cause = data.cause === undefined ? undefined : "value" in data.cause ? data.cause.value : errorOf(data.cause);
  let error: Error;
  if (code !== undefined && Object.hasOwn(errorMeanings, code)) {
    const single = (failures ?? []).map(errorOf).filter((one): one is EntrepotError => isEntrepotError(one));
    error = new EntrepotError(code as ErrorCode, message, {
      ...{ hint, uri, retryable, serverCode, cause, failures: single },
    });
  } else {
    error = bare(data);
    if (cause !== undefined) define(error, "cause", cause);
    if (error.name !== name) define(error, "name", name);
    for (const [key, value] of Object.entries(properties ?? {}))
      Object.defineProperty(error, key, { value, enumerable: true, configurable: true, writable: true });
  }
  if (stack !== undefined) error.stack = stack;
  return error;
}

function bare({ name, message, failures }: FailureData): Error {
  if (failures !== undefined) return new AggregateError(failures.map(errorOf), message);
  return new (classes[name] ?? Error)(message);
}

/** Not enumerable, as the language has it. */
function define(error: Error, name: "cause" | "name", value: unknown): void {
  Object.defineProperty(error, name, { value, configurable: true, writable: true });
}

function plainProperties(error: Error): Readonly<Record<string, Plain>> {
  const own = Object.entries(error).filter(
    ([key, value]) => !["name", "message", "stack", "cause"].includes(key) && isPlain(value),
  );
  return Object.fromEntries(own) as Readonly<Record<string, Plain>>;
}

function isPlain(value: unknown): value is Plain {
  return value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
