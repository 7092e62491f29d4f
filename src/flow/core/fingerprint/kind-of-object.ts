/** Which objects are data that anybody could write down, and what the others are called. */

/** A method under this symbol gives what stands for an object in fingerprints: data without secrets. Depots and clients have one. */
export const fingerprintSymbol: unique symbol = Symbol.for("entrepot.fingerprint") as typeof fingerprintSymbol;

export interface Fingerprinted {
  [fingerprintSymbol](): unknown;
}

export function isFingerprinted(value: object): value is Fingerprinted {
  return typeof (value as Partial<Fingerprinted>)[fingerprintSymbol] === "function";
}

/** Objects of literals and of JSON, also those of another realm, which have another `Object.prototype`. */
export function isPlain(proto: object): boolean {
  if (proto === Object.prototype) return true;
  return Object.getPrototypeOf(proto) === null && Object.hasOwn(proto, "isPrototypeOf");
}

/** Whether it is exactly of this class of the language, of whatever realm, and not of one that extends it. */
export function isExactly(value: object, name: string): boolean {
  const proto: object | null = Object.getPrototypeOf(value);
  if (proto === null || !Object.hasOwn(proto, "constructor")) return false;
  const made = proto.constructor;
  return made.name === name && (made === nativeNamed(name) || isNative(made));
}

function nativeNamed(name: string): unknown {
  return (globalThis as Readonly<Record<string, unknown>>)[name];
}

/** Whether a function is of the engine and not written in JavaScript. */
export function isNative(fn: Function): boolean {
  return /\{\s*\[native code\]\s*\}\s*$/.test(Function.prototype.toString.call(fn));
}

/** `an instance of Socket`, `a promise`. */
export function namedKind(value: object): string {
  if (value instanceof Promise) return "a promise";
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? `an instance of ${name}` : "an object of a class without a name";
}

/** To ask more bytes than so many for names would take longer than to read them: names on large arrays are not seen. */
const mostAsked = 65_536;

/** Whether names were written onto an array of bytes or numbers, beside its elements. */
export function hasNamesBeside(view: ArrayBufferView): boolean {
  const places = "length" in view ? (view as Uint8Array).length : 0;
  return view.byteLength <= mostAsked && Object.keys(view).length > places;
}

/** A name that no listing of an object shows; that of CommonJS modules is no data. */
export function hiddenName(value: object, shown: readonly string[]): string | undefined {
  const all = Object.getOwnPropertyNames(value);
  if (all.length === shown.length) return undefined;
  const known = new Set([...shown, "__esModule"]);
  return all.find((name) => !known.has(name));
}
