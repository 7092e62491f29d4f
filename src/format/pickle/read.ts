/** Bytes of a Python pickle → data. No code of a pickle is run; a class that is not data is an error that names it. */
import { EntrepotError } from "../../error/index.ts";
import type { ClassReader } from "./class-instance.ts";
import { CallerFailure, PickleFault } from "./fault.ts";
import { Budget, type PickleLimits } from "./limits.ts";
import { Machine } from "./machine.ts";
import type { Allowed } from "./names.ts";
import { numpyNames } from "./numpy-classes.ts";
import { run } from "./opcodes.ts";
import { pandasNames } from "./pandas-classes.ts";
import { plainNames } from "./plain-classes.ts";
import { settle } from "./settle.ts";
import { timeNames } from "./time-classes.ts";

export interface PickleReadOptions {
  /** What becomes of objects of other classes, by `"module.Class"`. Called inside out, once for each object. Default: refused. */
  readonly classes?: Readonly<Record<string, ClassReader>> | undefined;
  readonly limits?: PickleLimits | undefined;
  /** Named in errors. */
  readonly uri?: string | undefined;
}

/** Names of Python's, in the order in which they are looked up. */
const lists: readonly ReadonlyMap<string, Allowed>[] = [plainNames, timeNames, numpyNames, pandasNames];

function allowedName(module: string, name: string): Allowed | undefined {
  const full = `${module}.${name}`;
  for (const list of lists) {
    const allowed = list.get(full);
    if (allowed !== undefined) return allowed;
  }
  return undefined;
}

/**
 * The first value of a pickle of protocols 0 to 5; what follows it is not looked at. Typed arrays may be views on `bytes`. Errors:
 * truncated, malformed, unsupported with the name of a class, limit-exceeded; what a function of `classes` throws is thrown on.
 */
export function pickleOf(bytes: Uint8Array, options: PickleReadOptions = {}): unknown {
  const { classes = {}, limits, uri } = options;
  const reader = (name: string) => (Object.hasOwn(classes, name) ? classes[name] : undefined);
  return readBy(bytes, reader, limits, uri);
}

/** The same with a function that is asked for each class that is not on the list of `pickleOf`, too. */
export function readBy(
  bytes: Uint8Array,
  classes: (name: string, isKnown: boolean) => ClassReader | undefined,
  limits?: PickleLimits | undefined,
  uri?: string | undefined,
): unknown {
  const budget = new Budget(limits);
  const isKnown = (name: string) => lists.some((list) => list.has(name));
  const machine = new Machine(bytes, budget, allowedName, (name) => classes(name, isKnown(name)));
  try {
    return settle(machine, run(machine));
  } catch (error) {
    throw asPickleError(error, uri, machine.cursor.at);
  }
}

function asPickleError(error: unknown, uri: string | undefined, at: number): unknown {
  if (error instanceof CallerFailure) return error.cause;
  if (error instanceof PickleFault) {
    const { code, message, hint } = error;
    const where = code === "malformed" || code === "truncated" ? ` (at byte ${at})` : "";
    return new EntrepotError(code, message + where, { uri, hint, retryable: false });
  }
  // what a handler did not expect of its arguments
  if (!(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) return error;
  return new EntrepotError("malformed", `not a pickle that Python would load (at byte ${at})`, { uri, cause: error });
}
