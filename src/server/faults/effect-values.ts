/** The value of each effect: what it may be, and how it stands in a line. */
import { isPlainHeaderValue } from "../request/header-text.ts";
import { readCount, readDuration, readNumber, readSize, writeDuration, writeSize } from "./amounts.ts";
import type { EffectName, ListingFault } from "./fault.ts";
import { isDelay, isDrip, isRate, isRedirect } from "./value-shapes.ts";
import {
  readDelay,
  readDrip,
  readRate,
  readRedirect,
  writeDelay,
  writeDrip,
  writeRate,
  writeRedirect,
} from "./value-text.ts";
import type { Words } from "./words.ts";

export interface EffectValue {
  /** The effect's name in a line. */
  readonly word: string;
  readonly isRight: (value: unknown) => boolean;
  /** What a value must be, in words. */
  readonly expected: string;
  readonly read: (words: Words) => unknown;
  /** `""` where the name says it all. */
  readonly write: (value: never) => string;
}

export function isCount(value: unknown, min: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= min;
}

export const listingFaults: readonly ListingFault[] = [
  ...(["loop", "no-token", "missing-key", "duplicate-key", "wrong-order", "empty-page", "stray-key"] as const),
];
const isHeader = (value: unknown) => typeof value === "string" && value !== "" && isPlainHeaderValue(value);
const delayText = 'a delay, e.g. { kind: "constant", ms: 50 } or { kind: "lognormal", medianMs: 50, sigma: 0.5 }';

function yes(word: string): EffectValue {
  return { word, isRight: (value) => value === true, expected: "true", read: () => true, write: () => "" };
}

function bytes(word: string, min = 0): EffectValue {
  const expected = `a whole number of bytes from ${min} up`;
  return {
    ...{ word, expected, isRight: (value) => isCount(value, min), write: writeSize },
    read: (words) => words.takeValue("a number of bytes, e.g. 10 or 64KiB", readSize),
  };
}

function oneOf(word: string, names: readonly string[]): EffectValue {
  return {
    word,
    isRight: (value) => names.includes(value as string),
    expected: `one of ${names.join(", ")}`,
    read: (words) => words.takeOneOf(names, "kind of this"),
    write: (value: string) => value,
  };
}

function header(word: string, example: string): EffectValue {
  return {
    word,
    isRight: isHeader,
    expected: `the text of a header, e.g. ${example}`,
    read: (words) => words.take(`the text of a header, e.g. ${example}`).text,
    write: (value: string) => (/^[\w+/=-]+$/.test(value) ? value : JSON.stringify(value)),
  };
}

function structured(
  word: string,
  expected: string,
  isRight: (value: unknown) => boolean,
  read: (words: Words) => unknown,
  write: (value: never) => string,
): EffectValue {
  return { word, expected, isRight, read, write };
}

export const errorCode: Pick<EffectValue, "isRight" | "expected"> = {
  isRight: (value) => typeof value === "string" && /^[A-Z]\w*$/.test(value),
  expected: 'one of S3\'s codes, e.g. "SlowDown"',
};

export const effectValues: Readonly<Record<EffectName, EffectValue>> = {
  // Its name in a line is the status itself.
  status: {
    word: "status",
    isRight: (value) => isCount(value, 200) && Number(value) <= 599,
    expected: "an HTTP status from 200 to 599",
    read: (words) => words.takeValue("an HTTP status, e.g. 503", readCount),
    write: String,
  },
  rate: structured("rate", "{ perSecond, burst, … }, e.g. { perSecond: 3500 }", isRate, readRate, writeRate),
  expiredToken: yes("expired-token"),
  clockSkewMs: structured(
    "clock-skew",
    "milliseconds, not 0",
    (value) => Number.isSafeInteger(value) && value !== 0,
    (words) => {
      const sign = words.next?.text.startsWith("-") ? -1 : 1;
      return sign * words.takeValue("a duration, e.g. 20m or -1h", (text) => readDuration(text.replace(/^[+-]/, "")));
    },
    (ms: number) => `${ms < 0 ? "-" : ""}${writeDuration(Math.abs(ms))}`,
  ),
  redirect: structured(
    ...(["redirect", '{ status, to, region }, e.g. { status: 307, to: "http://127.0.0.1:9000" }'] as const),
    ...([isRedirect, readRedirect, writeRedirect] as const),
  ),
  proxyError: structured(
    ...(["proxy-error", "an HTTP status from 200 to 599"] as const),
    (value) => isCount(value, 200) && Number(value) <= 599,
    (words) => words.takeValue("an HTTP status, e.g. 502", readCount),
    String,
  ),
  errorInBody: {
    ...{ word: "error-in-body", ...errorCode, write: (value: string) => value },
    read: (words) => words.take("one of S3's codes, e.g. InternalError").text,
  },
  latency: structured("latency", delayText, isDelay, readDelay, writeDelay),
  bodyDelay: structured("body-delay", delayText, isDelay, readDelay, writeDelay),
  bandwidth: structured(
    "bandwidth",
    "bytes per second, above 0",
    (value) => isCount(value, 1),
    (words) =>
      words.takeValue("bytes per second, e.g. 1MiB/s", (text) =>
        text.endsWith("/s") ? readSize(text.slice(0, -2)) : undefined,
      ),
    (value: number) => `${writeSize(value)}/s`,
  ),
  drip: structured("drip", "{ bytes, everyMs }, e.g. { bytes: 10, everyMs: 100 }", isDrip, readDrip, writeDrip),
  slowHeaders: structured(
    ...(["slow-headers", "{ bytes, everyMs }, e.g. { bytes: 10, everyMs: 100 }"] as const),
    ...([isDrip, readDrip, writeDrip] as const),
  ),
  refuseConnection: yes("refuse-connection"),
  cutAfterBytes: bytes("cut-after"),
  resetAfterBytes: bytes("reset-after"),
  stallAfterBytes: bytes("stall-after"),
  resetUploadAfterBytes: bytes("reset-upload-after"),
  loseAnswer: yes("lose-answer"),
  silent: yes("silent"),
  garbage: yes("garbage"),
  closeAfter: oneOf("close", ["announced", "unannounced"]),
  noContinue: yes("no-continue"),
  replaceWith: {
    word: "replace-with",
    isRight: (value) => value instanceof Uint8Array,
    expected: 'bytes, e.g. Buffer.from("text")',
    read: (words) => readBytes(words.take('text in quotes, e.g. "other bytes", or base64:…')),
    write: writeBytes,
  },
  deleteBefore: yes("delete-before"),
  stale: yes("stale"),
  ignoreRange: yes("ignore-range"),
  shiftRange: bytes("shift-range", 1),
  ignoreConditions: {
    word: "ignore-conditions",
    isRight: (value) => value === true || value === "if-match" || value === "if-none-match",
    expected: 'true, "if-match" or "if-none-match"',
    read: (words) => words.takeMatch(/^if-(?:none-)?match$/)?.[0] ?? true,
    write: (value: true | string) => (value === true ? "" : value),
  },
  contentRange: header("content-range", '"bytes 0-1/10"'),
  contentLength: structured(
    "content-length",
    'how many bytes more (5) or fewer (-5) are announced, not 0, or "missing"',
    (value) => value === "missing" || (Number.isSafeInteger(value) && value !== 0),
    (words) =>
      words.takeIf("missing")
        ? "missing"
        : words.takeValue("+5, -5 or missing", (text) => (/^[+-]\d+$/.test(text) ? Number(text) : undefined)),
    (value: number | "missing") => (typeof value === "number" && value > 0 ? `+${value}` : String(value)),
  ),
  etag: header("etag", 'wrong, missing or "\\"abc\\""'),
  checksum: header("checksum", "wrong, missing or AAAAAA=="),
  truncateBody: bytes("truncate-body"),
  corruptByteAt: bytes("corrupt-byte"),
  gzip: yes("gzip"),
  headerFlood: bytes("header-flood", 1),
  listing: oneOf("listing", listingFaults),
};

function readBytes({ text, quoted }: { readonly text: string; readonly quoted: boolean }): Uint8Array {
  const encoded = quoted ? undefined : /^base64:([\w+/]*={0,2})$/.exec(text)?.[1];
  return encoded === undefined ? Buffer.from(text) : Buffer.from(encoded, "base64");
}

function writeBytes(value: Uint8Array): string {
  const text = Buffer.from(value).toString();
  return Buffer.from(text).equals(value) ? JSON.stringify(text) : `base64:${Buffer.from(value).toString("base64")}`;
}

/** Numbers of a hundred. */
export const percent: { readonly read: (text: string) => number | undefined } = {
  read: (text) => (text.endsWith("%") ? readNumber(text.slice(0, -1)) : undefined),
};
