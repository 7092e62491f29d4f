/** Marks what the store says of a value that a caller gave, so that nobody takes a defect of ours for a caller's mistake. */

const marked = new WeakSet<Error>();

/** The same error, marked. */
export function unfit<E extends TypeError | RangeError>(error: E): E {
  marked.add(error);
  return error;
}

/** Whether it speaks of a value that was given; `false` for what V8 says of a program, such as of a method of `undefined`. */
export function isUnfit(error: unknown): error is TypeError | RangeError {
  return error instanceof Error && marked.has(error);
}
