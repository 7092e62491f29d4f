/** A failure as plain data, for its way back from a worker. */
import { EntrepotError, type ErrorCode, errorMeanings, isEntrepotError } from "../../../error/index.ts";

export interface FailureData {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly code?: string | undefined;
  readonly hint?: string | undefined;
  readonly uri?: string | undefined;
}

const classes: Readonly<Record<string, (message: string) => Error>> = {
  TypeError: (message) => new TypeError(message),
  RangeError: (message) => new RangeError(message),
  SyntaxError: (message) => new SyntaxError(message),
};

export function failureData(error: unknown): FailureData {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  if (!isEntrepotError(error)) return { name, message, stack };
  return { name, message, stack, code: error.code, hint: error.hint, uri: error.uri };
}

/** An error of the same class where that is one of the language's or ours; its stack is the worker's. */
export function errorOf({ name, message, stack, code, hint, uri }: FailureData): Error {
  const error =
    code !== undefined && Object.hasOwn(errorMeanings, code)
      ? new EntrepotError(code as ErrorCode, message, { hint, uri })
      : (classes[name]?.(message) ?? Object.assign(new Error(message), { name }));
  if (stack !== undefined) error.stack = stack;
  return error;
}
