import { describe, expect, test } from "vitest";
import { effectNameOf, effectNames } from "./effect-uses.ts";
import type { Fault, FaultEffect } from "./fault.ts";
import { formatFault } from "./format-fault.ts";
import { parseFaults } from "./parse-faults.ts";

const parsed = (line: string) => parseFaults(line, "faults.txt")[0];

const effects: readonly (readonly [string, FaultEffect])[] = [
  ["503", { status: 503 }],
  ["503 SlowDown retry-after 7s", { status: 503, code: "SlowDown", retryAfterSeconds: 7 }],
  ["500 carried-out", { status: 500, carriedOut: true }],
  ["rate 3500/s", { rate: { perSecond: 3500 } }],
  [
    "rate 5.5/s of reads per prefix depth 2 burst 10 429 SlowDown retry-after 1m",
    {
      rate: {
        ...{ perSecond: 5.5, of: "reads", per: "prefix", prefixDepth: 2, burst: 10, status: 429 },
        ...{ code: "SlowDown", retryAfterSeconds: 60 },
      },
    },
  ],
  ["expired-token", { expiredToken: true }],
  ["clock-skew 20m", { clockSkewMs: 1_200_000 }],
  ["clock-skew -1h", { clockSkewMs: -3_600_000 }],
  ["redirect", { redirect: {} }],
  [
    "redirect 301 to http://127.0.0.1:9000 region eu-west-1",
    { redirect: { status: 301, to: "http://127.0.0.1:9000", region: "eu-west-1" } },
  ],
  ["proxy-error 502", { proxyError: 502 }],
  ["error-in-body InternalError", { errorInBody: "InternalError" }],
  ["latency 50ms", { latency: { kind: "constant", ms: 50 } }],
  ["latency 20ms..60ms", { latency: { kind: "uniform", minMs: 20, maxMs: 60 } }],
  ["latency normal 1500ms deviation 10ms", { latency: { kind: "normal", meanMs: 1500, deviationMs: 10 } }],
  ["latency lognormal 50ms sigma 0.5", { latency: { kind: "lognormal", medianMs: 50, sigma: 0.5 } }],
  ["body-delay exponential 2s", { bodyDelay: { kind: "exponential", meanMs: 2000 } }],
  ["bandwidth 1MiB/s", { bandwidth: 1_048_576 }],
  ["drip 10 every 100ms", { drip: { bytes: 10, everyMs: 100 } }],
  ["slow-headers 1 every 0", { slowHeaders: { bytes: 1, everyMs: 0 } }],
  ["refuse-connection", { refuseConnection: true }],
  ["cut-after 5kB", { cutAfterBytes: 5000 }],
  ["reset-after 64KiB", { resetAfterBytes: 65_536 }],
  ["stall-after 0", { stallAfterBytes: 0 }],
  ["reset-upload-after 1001", { resetUploadAfterBytes: 1001 }],
  ["lose-answer", { loseAnswer: true }],
  ["silent", { silent: true }],
  ["garbage", { garbage: true }],
  ["close unannounced", { closeAfter: "unannounced" }],
  ["no-continue", { noContinue: true }],
  ['replace-with "other bytes # all"', { replaceWith: Buffer.from("other bytes # all") }],
  ["replace-with base64:/w==", { replaceWith: Buffer.from([255]) }],
  ["delete-before", { deleteBefore: true }],
  ["stale", { stale: true }],
  ["ignore-range", { ignoreRange: true }],
  ["shift-range 3", { shiftRange: 3 }],
  ["ignore-conditions", { ignoreConditions: true }],
  ["ignore-conditions if-none-match", { ignoreConditions: "if-none-match" }],
  ['content-range "bytes 0-1/10"', { contentRange: "bytes 0-1/10" }],
  ["content-range missing", { contentRange: "missing" }],
  ["content-length +5", { contentLength: 5 }],
  ["content-length -5", { contentLength: -5 }],
  ["content-length missing", { contentLength: "missing" }],
  ["etag wrong", { etag: "wrong" }],
  ['etag "W/\\"abc\\""', { etag: 'W/"abc"' }],
  ["checksum AAAAAA==", { checksum: "AAAAAA==" }],
  ["truncate-body 100", { truncateBody: 100 }],
  ["corrupt-byte 3", { corruptByteAt: 3 }],
  ["gzip", { gzip: true }],
  ["header-flood 100KiB", { headerFlood: 102_400 }],
  ["listing duplicate-key", { listing: "duplicate-key" }],
];

describe("each effect has a line, which is read and written", () => {
  test.each(effects)("%s", (words, effect) => {
    expect(parsed(words)).toEqual({ effect });
    expect(formatFault({ effect })).toBe(`* ${words}`);
    expect(parsed(`* ${words} always`)).toEqual({ effect, times: Number.POSITIVE_INFINITY });
  });

  test("and none is left out", () => {
    const shown = new Set(effects.map(([, effect]) => effectNameOf(effect)));
    expect(effectNames.filter((name) => !shown.has(name))).toEqual([]);
  });
});

const effect = { status: 503 };

test("what is odd is read back as it was written", () => {
  for (const fault of [
    { effect: { latency: { kind: "uniform", minMs: 0, maxMs: 0 } } },
    { effect: { rate: { perSecond: 1e21 } } },
    { effect, times: Number.MAX_SAFE_INTEGER, after: Number.MAX_SAFE_INTEGER },
  ] satisfies Fault[]) {
    expect(parsed(formatFault(fault))).toEqual(fault);
  }
  // One blank as it is, one escaped, one after a backslash, and others than spaces.
  const sources = ["^a b$", "^a\\ b$", "^a\\\\ b$", "^a\tb$", "^a\u00a0b$", "^a[/ ]b$"];
  for (const key of sources.map((source) => new RegExp(source))) {
    const read = parsed(formatFault({ effect, key }))?.key;
    for (const text of ["a b", "a\\ b", "a\tb", "a\u00a0b", "a/b", "a\\x20b"]) {
      expect([key, text, text.search(read as RegExp)]).toEqual([key, text, text.search(key)]);
    }
  }
});

describe("each scope has its words, which are read and written", () => {
  test.each<[string, Omit<Fault, "effect">]>([
    ["GET 503", { method: "GET" }],
    ["* 503", {}],
    ["GetObject data/** 503", { operation: "GetObject", key: "data/**" }],
    ["* data/*.parquet 503", { key: "data/*.parquet" }],
    ['GET "503" 503', { method: "GET", key: "503" }],
    ['GET "silent" 503', { method: "GET", key: "silent" }],
    ['GET "a b # \\"c\\" d=e" 503', { method: "GET", key: 'a b # "c" d=e' }],
    ['GET "*" 503', { method: "GET", key: "*" }],
    ['GET "" 503', { method: "GET", key: "" }],
    ["PUT /\\.tmp$/i 503", { method: "PUT", key: /\.tmp$/i }],
    ["GET /a\\/b/ 503", { method: "GET", key: /a\/b/ }],
    ["GET /a\\u0020b/ 503", { method: "GET", key: /a\u0020b/ }],
    ["GET data/** 503 bucket photos", { method: "GET", key: "data/**", bucket: "photos" }],
    ["GET 503 bucket /^b/", { method: "GET", bucket: /^b/ }],
    ["GET 503 query prefix=data/** query uploads", { method: "GET", query: { prefix: "data/**", uploads: true } }],
    ['GET 503 header range="bytes=0-*"', { method: "GET", header: { range: "bytes=0-*" } }],
    ["GET 503 header range=/^bytes=0-/", { method: "GET", header: { range: /^bytes=0-/ } }],
    ["GET 503 after 2 x3", { method: "GET", after: 2, times: 3 }],
    ["GET 503 always", { method: "GET", times: Number.POSITIVE_INFINITY }],
    ["GET 503 0.5%", { method: "GET", probability: 0.005 }],
    ["GET 503 7% for 20s x1", { method: "GET", probability: 0.07, forMs: 20_000, times: 1 }],
  ])("%s", (line, scope) => {
    expect(parsed(line)).toEqual({ ...scope, effect });
    expect(formatFault({ ...scope, effect })).toBe(line);
  });

  test.each<[string, Omit<Fault, "effect">]>([
    ["503", {}],
    ["data/** 503", { key: "data/**" }],
    ["  GET   ** 503   # for a while", { method: "GET" }],
    ["GET * 503 once", { method: "GET", times: 1 }],
    ["GET s3://photos 503", { method: "GET", bucket: "photos" }],
    ["GET s3://photos/data/** 503 x2", { method: "GET", bucket: "photos", key: "data/**", times: 2 }],
    ["GET s3://*/k 503", { method: "GET", key: "k" }],
  ])("more than one way is understood: %s", (line, scope) => {
    expect(parsed(line)).toEqual({ ...scope, effect });
  });
});

test("a file is one fault a line, with comments and empty lines", () => {
  const text = "# a slow afternoon\r\n\r\n* latency 20ms..60ms always # all of it\r\rGET a#b 503 SlowDown x3\n";
  expect(parseFaults(text, "faults.txt")).toEqual([
    { effect: { latency: { kind: "uniform", minMs: 20, maxMs: 60 } }, times: Number.POSITIVE_INFINITY },
    { method: "GET", key: "a#b", effect: { status: 503, code: "SlowDown" }, times: 3 },
  ]);
});

test("a text without a name of its own is called faults", () => {
  expect(() => parseFaults("GTE k 503")).toThrow(/^faults:1:1: /);
});

describe("a mistake is named with its line and column, and with what was meant", () => {
  test.each<[string, string]>([
    ["get data/** 503", 'f:1:1: "get": did you mean GET?'],
    ["GetObjct data/** 503", 'f:1:1: "GetObjct": did you mean GetObject?'],
    ["\nGET k", "f:2:6: the line ends where an effect should be: a status (503) or one of rate, expired-token"],
    ["GET", "f:1:4: the line ends where an effect should be"],
    ["GET k stall", 'f:1:7: "stall" is no effect: did you mean stall-after?'],
    ["GET k timeout", 'f:1:7: "timeout" is no effect: did you mean silent?'],
    ["GET k SlowDown", 'f:1:7: "SlowDown" wants its status before it, e.g. 503 SlowDown'],
    ["GET k x2 503", 'f:1:7: "x2" stands before the effect: limits come after it'],
    ["UploadPart k query partNumber=2 503", 'f:1:14: "query" stands before the effect: limits come after it'],
    ["GTE k 503", 'f:1:1: "GTE": did you mean GET?'],
    ["FOO k 503", 'f:1:1: "FOO" is no method and no operation; a key with blanks in it goes into quotes'],
    ["GET my key 503", 'f:1:8: "key" stands between key and effect; a key with blanks in it goes into quotes'],
    [
      "GET /b/a 503",
      "f:1:5: Invalid flags supplied to RegExp constructor 'a'; a key that begins with a slash goes into quotes",
    ],
    ["GET k close", "f:1:12: the line ends where announced or unannounced should be"],
    ["GET k slow", 'f:1:7: "slow" is no effect: did you mean slow-headers?'],
    ["GET k cutAfterBytes 5", 'f:1:7: "cutAfterBytes" is no effect: did you mean cut-after?'],
    ["GET k 503 Slowdown! x3", 'f:1:11: "Slowdown!" belongs to nothing'],
    ["GET k 503 3x", 'f:1:11: "3x": did you mean x3?'],
    ["GET k 503 3", 'f:1:11: "3": did you mean x3?'],
    ["GET k 503 allways", 'f:1:11: "allways" belongs to nothing: did you mean always?'],
    ["GET k 503 silent", 'f:1:11: "silent" is a second effect: write a line for each'],
    ["GET k 503 x3 x4", 'f:1:14: "x4" is said twice'],
    ["GET k 503 query a query a=1", 'f:1:25: "a" is said twice'],
    ["GET s3:///k 503", "the fault at f:1:1 waits for nothing"],
    ["GET k redirect region a#b", "redirect of the fault"],
    ["GET k latency fast", 'f:1:15: "fast" is not a duration, e.g. 50ms or 2s, a range (20ms..60ms)'],
    ["GET k latency 50", '"50" is not a duration'],
    ["GET k latency lognormal 50ms 0.5", '"0.5" is no part of a lognormal delay: there are sigma'],
    ["GET k cut-after", "f:1:16: the line ends where a number of bytes, e.g. 10 or 64KiB should be"],
    ["GET k listing looop", '"looop" is no kind of this: did you mean loop?'],
    ["GET k rate 5", '"5" is not requests per second, e.g. 3500/s'],
    ["GET /(/ 503", "f:1:5: Invalid regular expression"],
    ['GET "a 503', "f:1:5: the text in quotes has no end"],
    ["GET k 503 after", "f:1:16: the line ends where a number of requests"],
    ["GET k 999 ", "f:1:1"],
    [
      "ListObjectsV2 data/** truncate-body 5",
      "the fault at f:1:1 waits for nothing: ListObjectsV2 is about the bucket",
    ],
    ["HEAD k cut-after 5", "the fault at f:1:1 does nothing: the answer to a HEAD has no body"],
  ])("%j", (text, message) => {
    expect(() => parseFaults(text, "f")).toThrow(TypeError);
    expect(() => parseFaults(text, "f")).toThrow(message);
  });

  test("all of a file's at once", () => {
    expect(() => parseFaults("GET k\nGET k 503\nget k 503", "f")).toThrow(/^f:1:6: .*\nf:3:1: .*$/);
  });

  test("and there are faults that have no line", () => {
    for (const query of [{ "a=b": "c" }, { "a b": true }, { "": true }] as const) {
      expect(() => formatFault({ effect, query })).toThrow("cannot be written as a line");
    }
  });

  test("and a function has no line", () => {
    expect(() => formatFault({ effect, until: () => true })).toThrow(
      new TypeError("a fault with until cannot be written as a line: it is a function"),
    );
  });
});
