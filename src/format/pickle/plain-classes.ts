/** The names of Python's own library that a pickle may mention, and the data that they make. */
import { Draft, entryOf, isDict } from "./draft.ts";
import { malformed } from "./fault.ts";
import { dictBytes, placeBytes } from "./limits.ts";
import { bytesOfLatin1 } from "./literals.ts";
import type { Workshop } from "./names.ts";
import { type Allowed, Global } from "./names.ts";
import { boolOf, floatOf, intOf, strOf } from "./scalar-calls.ts";
import { PickledComplex, PickledDecimal, PickledUuid } from "./values.ts";

export const plainNames: ReadonlyMap<string, Allowed> = new Map(
  Object.entries<Allowed>({
    "_codecs.encode": { call: encoded },
    "codecs.encode": { call: encoded },
    ...builtin("bytes", { call: bytesOf }),
    ...builtin("bytearray", { call: bytesOf }),
    ...builtin("set", { call: setOf }),
    ...builtin("frozenset", { call: frozenSetOf }),
    ...builtin("list", { call: listOf }),
    ...builtin("dict", { call: dictOf, make: emptyDict }),
    ...builtin("tuple", {}),
    ...builtin("int", { call: intOf }),
    ...builtin("long", { call: intOf }),
    ...builtin("float", { call: floatOf }),
    ...builtin("bool", { call: boolOf }),
    ...builtin("str", { call: strOf }),
    ...builtin("str.split", { call: split }),
    ...builtin("unicode", { call: strOf }),
    ...builtin("object", {}),
    ...builtin("complex", { call: ([re, im]) => new PickledComplex(numberOf(re), numberOf(im ?? 0)) }),
    ...builtin("slice", { call: ([start, stop, step], workshop) => record({ start, stop, step }, workshop) }),
    ...builtin("range", { call: rangeOf }),
    ...builtin("xrange", { call: rangeOf }),
    ...builtin("getattr", { call: attribute }),
    "copyreg._reconstructor": { call: reconstructed },
    "copy_reg._reconstructor": { call: reconstructed },
    "copyreg.__newobj__": { call: ([cls, ...args], workshop) => workshop.make(cls, args) },
    "copy_reg.__newobj__": { call: ([cls, ...args], workshop) => workshop.make(cls, args) },
    "copyreg.__newobj_ex__": { call: newObjectNamed },
    "collections.OrderedDict": { call: mapOf, make: mapOf },
    "collections.Counter": { call: dictOf, make: emptyDict },
    "collections.defaultdict": { call: ([, entries], workshop) => dictOf([entries], workshop), make: emptyDict },
    "collections.deque": { call: listOf, make: () => [] },
    "decimal.Decimal": { call: ([text]) => decimalOf(text) },
    "_decimal.Decimal": { call: ([text]) => decimalOf(text) },
    "cdecimal.Decimal": { call: ([text]) => decimalOf(text) },
    "uuid.UUID": { call: ([text]) => (text === undefined ? new UuidDraft() : uuidOf(text)) },
    "uuid.SafeUUID": { call: () => null },
    ...paths(),
  }),
);

function builtin(name: string, allowed: Allowed): Record<string, Allowed> {
  return { [`builtins.${name}`]: allowed, [`__builtin__.${name}`]: allowed };
}

function paths(): Record<string, Allowed> {
  const joined = (separator: string): Allowed => ({ call: (parts) => pathOf(parts, separator) });
  const posix = joined("/");
  const windows = joined("\\");
  return Object.fromEntries(
    ["pathlib", "pathlib._local"].flatMap((module) => [
      [`${module}.PurePosixPath`, posix],
      [`${module}.PosixPath`, posix],
      [`${module}.PureWindowsPath`, windows],
      [`${module}.WindowsPath`, windows],
    ]),
  );
}

function pathOf(parts: readonly unknown[], separator: string): string {
  const names = parts.map(textOf);
  const [root = ".", ...rest] = names;
  const start = root.endsWith("/") || root.endsWith("\\") || rest.length === 0 ? root : root + separator;
  return start + rest.join(separator);
}

/** How entrepot writes many texts. */
function split([text, separator]: readonly unknown[], workshop: Workshop): string[] {
  if (typeof text !== "string" || typeof separator !== "string" || separator === "")
    throw malformed("a text is split by none");
  const texts = text.split(separator);
  workshop.budget.spend(text.length + 32 * texts.length);
  return texts;
}

/** How protocols below 3 write bytes: as text whose characters are the bytes. */
function encoded([text, encoding]: readonly unknown[], workshop: Workshop): Uint8Array {
  if (typeof text !== "string" || (encoding !== "latin1" && encoding !== "latin-1"))
    throw malformed("bytes are written in another way than Python writes them");
  workshop.budget.spend(2 * text.length);
  return bytesOfLatin1(text);
}

/** Fault: malformed for what is neither bytes nor text in Latin-1. */
export function bytesOf([source, encoding]: readonly unknown[], workshop: Workshop): Uint8Array {
  if (source === undefined) return new Uint8Array();
  if (source instanceof Uint8Array) return source;
  if (Array.isArray(source)) {
    workshop.budget.spend(placeBytes * source.length);
    return Uint8Array.from(source, (byte) => wholeNumber(byte, 0, 255));
  }
  return encoded([source, encoding ?? "latin1"], workshop);
}

function items(source: unknown, workshop: Workshop, each = placeBytes): readonly unknown[] {
  if (source === undefined) return [];
  const all = source instanceof Set ? [...source] : source;
  if (!Array.isArray(all)) throw malformed("a list or set is made of something else");
  workshop.budget.spend(each * all.length);
  return all;
}

function setOf([source]: readonly unknown[], workshop: Workshop): Set<unknown> {
  workshop.budget.spend(dictBytes);
  return workshop.newSet(items(source, workshop, 5 * placeBytes));
}

function frozenSetOf(args: readonly unknown[], workshop: Workshop): Set<unknown> {
  const set = setOf(args, workshop);
  workshop.freezeLater(set);
  return set;
}

function listOf([source]: readonly unknown[], workshop: Workshop): unknown[] {
  return [...items(source, workshop)];
}

function emptyDict(_: readonly unknown[], workshop: Workshop): unknown {
  workshop.budget.spend(dictBytes);
  return Object.create(null);
}

function dictOf([source]: readonly unknown[], workshop: Workshop): unknown {
  if (source === undefined) return emptyDict([], workshop);
  if (!(isDict(source) || source instanceof Map)) throw malformed("a dict is made of something else");
  return source;
}

/** Keeps its order whatever its keys are. */
function mapOf([source]: readonly unknown[], workshop: Workshop): Map<unknown, unknown> {
  workshop.budget.spend(dictBytes);
  const entries = isDict(source) ? (workshop.maps.get(source) ?? Object.entries(source)) : source;
  if (entries instanceof Map || isDict(source)) {
    const map = workshop.newMap(entries as Iterable<[unknown, unknown]>);
    workshop.budget.spend(10 * placeBytes * map.size);
    return map;
  }
  const pairs = items(source, workshop, 10 * placeBytes);
  if (!pairs.every((pair): pair is [unknown, unknown] => Array.isArray(pair) && pair.length === 2))
    throw malformed("an OrderedDict is made of something else than pairs");
  return workshop.newMap(pairs);
}

function rangeOf([start, stop, step]: readonly unknown[], workshop: Workshop): unknown {
  if (step === 0) throw malformed("a range has no step");
  return record({ start, stop, step: step ?? 1 }, workshop);
}

/** Of what cannot be changed in Python. */
function record(fields: Record<string, unknown>, workshop: Workshop): unknown {
  const dict = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(fields)) dict[name] = value ?? null;
  workshop.hashable.add(dict);
  return dict;
}

/** A name below a name: `ZoneInfo._unpickle`. It is looked up in the list, like any other. */
function attribute([owner, name]: readonly unknown[], workshop: Workshop): unknown {
  if (!(owner instanceof Global) || typeof name !== "string") throw malformed("getattr() of what is no name");
  const global = workshop.global(owner.name, name);
  return global.allowed.value === undefined ? global : global.allowed.value.is;
}

/** How protocols 0 and 1 make an object: of its class and the plain value that it extends. */
function reconstructed([cls, base, plain]: readonly unknown[], workshop: Workshop): unknown {
  return workshop.make(cls, base instanceof Global && base.name.endsWith(".object") ? [] : [plain]);
}

function newObjectNamed([cls, args, named]: readonly unknown[], workshop: Workshop): unknown {
  if (!isDict(named)) throw malformed("named arguments are no dict");
  return workshop.make(cls, args, named);
}

function decimalOf(text: unknown): PickledDecimal {
  if (typeof text === "string" && text.length <= 100_000) {
    try {
      return new PickledDecimal(text);
    } catch {}
  }
  throw malformed("a Decimal is no number");
}

function uuidOf(text: unknown): PickledUuid {
  try {
    return new PickledUuid(textOf(text));
  } catch {
    throw malformed("a UUID is none");
  }
}

class UuidDraft extends Draft {
  #state: unknown;

  override setState(state: unknown): void {
    this.#state = state;
  }

  finish(): PickledUuid {
    const value = entryOf(this.#state, "int");
    if (typeof value !== "bigint" && !(Number.isSafeInteger(value) && (value as number) >= 0))
      throw malformed("a UUID has no number");
    const digits = BigInt(value as bigint | number)
      .toString(16)
      .padStart(32, "0");
    if (!/^[0-9a-f]{32}$/.test(digits)) throw malformed("a UUID is out of range");
    return new PickledUuid(digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"));
  }
}

/** Fault: malformed for what is not text. */
export function textOf(value: unknown): string {
  if (typeof value !== "string") throw malformed("a text is none");
  return value;
}

/** Fault: malformed for what is not a number. */
export function numberOf(value: unknown): number {
  if (typeof value !== "number") throw malformed("a number is none");
  return value;
}

/** Fault: malformed for what is no whole number from `min` to `max`. */
export function wholeNumber(value: unknown, min: number, max: number): number {
  if (!(Number.isInteger(value) && (value as number) >= min && (value as number) <= max))
    throw malformed("a whole number is out of range");
  return value as number;
}
