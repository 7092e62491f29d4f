/** Bytes of a Python pickle → data. No code of a pickle is run; a class that is not data is an error that names it. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { ClassReader } from "./class-instance.ts";
import { CallerFailure, PickleFault } from "./fault.ts";
import { Budget, type PickleLimits } from "./limits.ts";
import { Machine } from "./machine.ts";
import type { Allowed } from "./names.ts";
import { numpyNames } from "./numpy-classes.ts";
import { oddColumnIn } from "./odd-columns.ts";
import { run } from "./opcodes.ts";
import { pandasNames } from "./pandas-classes.ts";
import { plainNames } from "./plain-classes.ts";
import { RefusedObject } from "./refused-object.ts";
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
  try {
    return readBy(bytes, reader, limits, uri);
  } catch (error) {
    throw isEntrepotError(error, "unsupported") ? withColumn(error, bytes, options) : error;
  }
}

/** A frame's odd column is named: then the others can be asked for. */
function withColumn(
  error: EntrepotError,
  bytes: Uint8Array,
  { classes = {}, limits, uri }: PickleReadOptions,
): unknown {
  const isOwn = (name: string) => Object.hasOwn(classes, name);
  let odd: ReturnType<typeof oddColumnIn>;
  try {
    odd = oddColumnIn(keptPickleOf(bytes, { limits, isOwn }), isOwn);
  } catch {
    return error;
  }
  if (odd === undefined) return error;
  const { what, where, called } = odd;
  const message = `the pickle holds ${what} in ${where}, which is not plain data; no code of a pickle is ever run`;
  const reading =
    called === undefined ? "" : `, or say what becomes of it: classes: { ${JSON.stringify(called)}: () => null }`;
  const hint = `change it to plain data in Python, read the other columns by readTable with { columns }${reading}`;
  return new EntrepotError("unsupported", message, { uri, hint, retryable: false });
}

/**
 * The same, but what `pickleOf` refuses is a `RefusedObject`, wherever it lies, and a column of it has one in each row. Nothing is run here
 * either. `onRefused` is told of each class, but for those that are the caller's own.
 */
export function keptPickleOf(
  bytes: Uint8Array,
  options: {
    readonly limits?: PickleLimits | undefined;
    readonly uri?: string | undefined;
    readonly isOwn?: ((name: string) => boolean) | undefined;
    readonly onRefused?: ((name: string) => void) | undefined;
  } = {},
): unknown {
  const { limits, uri, isOwn = () => false, onRefused } = options;
  const classes = (name: string, isKnown: boolean): ClassReader | undefined => {
    if (isKnown && !isOwn(name)) return undefined;
    onRefused?.(name);
    return (_, instance) => new RefusedObject(instance);
  };
  return readBy(bytes, classes, limits, uri, true);
}

/** The same with a function that is asked for each class that is not on the list of `pickleOf`, too. */
function readBy(
  bytes: Uint8Array,
  classes: (name: string, isKnown: boolean) => ClassReader | undefined,
  limits?: PickleLimits | undefined,
  uri?: string | undefined,
  keepsOdd = false,
): unknown {
  const budget = new Budget(limits);
  const isKnown = (name: string) => lists.some((list) => list.has(name));
  const machine = new Machine(bytes, budget, allowedName, (name) => classes(name, isKnown(name)), keepsOdd);
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
