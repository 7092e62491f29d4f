/** What can be wrong with a pickle. Thrown inside this folder alone: whoever reads one gives it the address and makes it an error. */

export type FaultCode = "malformed" | "truncated" | "unsupported" | "limit-exceeded";

/** Becomes an `EntrepotError` of the same code. */
export class PickleFault extends Error {
  readonly code: FaultCode;
  readonly hint: string | undefined;
  /** What is not supported, in a few words. */
  readonly what: string;

  constructor(code: FaultCode, message: string, hint?: string, what: string = message) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.what = what;
  }
}

/** The bytes are no pickle that Python would load. */
export function malformed(what: string): PickleFault {
  return new PickleFault("malformed", `not a pickle that Python would load: ${what}`);
}

export function endsEarly(): PickleFault {
  return new PickleFault("truncated", "the pickle ends too early", "write it again; is it a part of a larger file?");
}

/** A class that is not data and that the caller does not say how to read. */
export function refusedClass(name: string): PickleFault {
  return new PickleFault(
    "unsupported",
    `the pickle holds a ${name}, which is not plain data; no code of a pickle is ever run`,
    `say what becomes of it: classes: { ${JSON.stringify(name)}: (state) => state }, or write plain data in Python`,
    name,
  );
}

/** Something that is known but has no equal here. */
export function notSupported(what: string, hint?: string): PickleFault {
  return new PickleFault("unsupported", `the pickle holds ${what}`, hint ?? "change it to plain data in Python", what);
}

/** What was thrown by a caller's function on its way through the machine. */
export class CallerFailure extends Error {
  constructor(cause: unknown) {
    super("a function of classes threw", { cause });
  }
}
