/** A mistake in how the command was called: exit code 2, nothing was done. */

export class UsageError extends Error {
  override readonly name = "UsageError";
  /** The way out, e.g. `did you mean --json?`. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
