/** What the values of options may be that only depots have: words of their own, durations, sizes, places on this disk. */
import {
  type Check,
  type Hint,
  isCount,
  isFlag,
  isFunction,
  isOneOf,
  isSignal,
  isString,
  isStrings,
  kindOfValue,
  mistakeInValues,
  wrongValue,
} from "../error/index.ts";
import { durationMs, parseByteSize } from "./units.ts";

export type Checks = Readonly<Record<string, Check>>;

/** Groups of options that several verbs take. */
export const signal: Checks = { signal: isSignal };
export const progress: Checks = { onProgress: isFunction };

const cacheHints = { false: 'write "bypass"', true: 'write "use"', undefined: "leave it out" };
export const cache: Checks = { cache: isOneOf(["use", "bypass", "refresh"], cacheHints) };

const compressions = ["gzip", "bzip2", "xz", "zstd"];
const suffixHint = { true: 'write "by-suffix"', gz: "write gzip", bz2: "write bzip2", zst: "write zstd" };
export const compress: Checks = { compress: isOneOf([...compressions, "by-suffix", false], suffixHint) };
export const recode: Checks = {
  compress: isOneOf([...compressions, false], { ...suffixHint, true: "write gzip or another" }),
  decompress: isFlag,
  maxRatio: isCount(1, { orInfinity: true }),
  maxDecompressedBytes: (value, name, what) => isByteSize(value, name, what),
};

const encodingHints = {
  utf8: "write utf-8",
  "UTF-8": "write utf-8",
  "iso-8859-1": "write latin1",
  cp1252: "write windows-1252",
  binary: "readBytes gives bytes",
};
export const encoding: Checks = { encoding: isOneOf(["utf-8", "utf-16le", "latin1", "windows-1252"], encodingHints) };

export const described: Checks = {
  contentType: isString,
  cacheControl: isString,
  contentDisposition: isString,
  contentLanguage: isString,
  storageClass: isString,
  tags: isStrings,
  metadata: isStrings,
};

/** Checked by the verb itself, because of what `undefined` would mean. */
export const isCondition: Check = () => undefined;
export const conditions: Checks = { ifMatch: isCondition, ifNoneMatch: isCondition };

/** One that calls for a single word, for verbs that have nothing else to give than their value. */
export const onlyThrow: Checks = { onError: isOneOf(["throw"], {}) };
export const onReadError: Checks = { onError: isOneOf(["throw", "allow-missing", "warn", "ignore"]) };
export const onWriteError: Checks = {
  onError: isOneOf(["throw", "warn", "ignore"], { "allow-missing": "a write has nothing to miss" }),
};

export const isPattern: Check = (value, name, what) => {
  if (Object.prototype.toString.call(value) === "[object RegExp]") return undefined;
  const hint = typeof value === "string" ? ": glob() takes patterns such as *.csv" : "";
  return new TypeError(wrongValue(name, what, "a RegExp", value).message + hint);
};

export const isDuration: Check = (value, name, what) => naming(name, what, () => durationMs(value as 0));
export const isByteSize: Check = (value, name, what) =>
  typeof value === "number" || typeof value === "string"
    ? naming(name, what, () => parseByteSize(value))
    : wrongValue(name, what, 'bytes, or text such as "200GB"', value);

export const decompress: Checks = {
  decompress: isOneOf([...compressions, "by-suffix", false], suffixHint),
  maxRatio: isCount(1, { orInfinity: true }),
  maxDecompressedBytes: isByteSize,
};

export const isLocalPath: Check = (value, name, what) =>
  (typeof value === "string" && value !== "") || value instanceof URL
    ? undefined
    : wrongValue(name, what, "a path or a file: URL", value);

/** Options within options: closed like those around them. `instead` says what else the value may be. */
export function isOptions(
  checks: Checks,
  { hint, expected }: { readonly hint?: Hint; readonly expected: string },
): Check {
  const table = new Map(Object.entries(checks));
  return (value, name, what) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? mistakeInValues(what, value, table, { hint, prefix: `${name}.` })
      : wrongValue(name, what, expected, value);
}

export const pickleLimits: Check = isOptions(
  { maxBytes: isCount(0, { orInfinity: true }), maxDepth: isCount(1, { orInfinity: true }) },
  { expected: "an object such as { maxBytes: 1e9 }" },
);

/** For what must not be shown: a key. */
export const isSecret: Check = (value, name, what) =>
  typeof value === "string" && value !== ""
    ? undefined
    : new TypeError(`${name} of ${what} is a string that is not empty, not ${kindOfValue(value)}`);

/** A mistake that a parser finds, with the name of the option and of the call before it. */
export function naming(name: string, what: string, parse: () => unknown): Error | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    const { message } = error;
    const rest = message.startsWith(`${name} `) ? message.slice(name.length) : `: ${message}`;
    const Kind = error instanceof RangeError ? RangeError : TypeError;
    return new Kind(`${name} of ${what}${rest}`);
  }
}
